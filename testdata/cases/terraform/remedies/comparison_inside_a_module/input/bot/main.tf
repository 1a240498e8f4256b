variable "env" {
  type = string
}

variable "user" {
  type = string
}

resource "aws_iam_access_key" "current" {
  user = var.user
}

resource "aws_iam_access_key" "next" {
  count = var.env == "prod" ? 1 : 0
  user  = var.user
}
