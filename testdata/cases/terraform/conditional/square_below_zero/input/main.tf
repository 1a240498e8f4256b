variable "offset" {
  type = number
}

resource "aws_iam_access_key" "first" {
  user = "deploy"
}

resource "aws_iam_access_key" "second" {
  count = var.offset * var.offset < 0 ? 1 : 0
  user  = "deploy"
}
