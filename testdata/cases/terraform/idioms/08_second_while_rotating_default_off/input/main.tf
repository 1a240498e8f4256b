variable "rotating" {
  type    = bool
  default = false
}

resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "this" {
  count = var.rotating ? 2 : 1
  user  = aws_iam_user.mailer.name
}
