variable "name" {
  type = string
}

variable "second_key" {
  type    = bool
  default = false
}

resource "aws_iam_user" "this" {
  name = var.name
}

resource "aws_iam_access_key" "first" {
  user = aws_iam_user.this.name
}

resource "aws_iam_access_key" "second" {
  count = var.second_key ? 1 : 0
  user  = aws_iam_user.this.name
}
