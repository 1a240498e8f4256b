variable "first" {
  type = string
}

variable "second" {
  type = string
}

resource "aws_iam_access_key" "first" {
  count = var.first == "release" ? 1 : 0
  user  = var.first
}

resource "aws_iam_access_key" "second" {
  count = var.second == "release" ? 1 : 0
  user  = var.second
}

