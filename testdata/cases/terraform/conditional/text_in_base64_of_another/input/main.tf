variable "t" {
  type = string
}

resource "aws_iam_access_key" "k" {
  count = base64decode(var.t) == "a" && var.t == "Yg==" ? 2 : 1
  user  = "deploy"
}
