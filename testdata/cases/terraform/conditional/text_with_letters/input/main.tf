variable "t" {
  type = string
}

resource "aws_iam_access_key" "k" {
  count = length(split("", var.t)) == 0 && var.t == "a" ? 2 : 1
  user  = "deploy"
}
