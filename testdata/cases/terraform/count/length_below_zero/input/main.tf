variable "text" {
  type = string
}

resource "aws_iam_access_key" "k" {
  count = length(var.text) < 0 ? 2 : 1
  user  = "deploy"
}
