variable "name" {
  type = string
}

variable "keys" {
  type = bool
}

resource "aws_iam_user" "u" {
  name = var.name
}

resource "aws_iam_access_key" "k" {
  count = var.keys ? 2 : 0
  user  = aws_iam_user.u.name
}
