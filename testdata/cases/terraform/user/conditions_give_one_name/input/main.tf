variable "a" {
  type = string
}

variable "b" {
  type = string
}

resource "aws_iam_access_key" "a" {
  count = var.a == "deploy" ? 1 : 0
  user  = var.a
}

resource "aws_iam_access_key" "b" {
  count = var.b == "deploy" ? 1 : 0
  user  = var.b
}
