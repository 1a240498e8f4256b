variable "create" {
  type    = bool
  default = true
}

variable "pgp_key" {
  type = string
}

resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "encrypted" {
  count   = var.create && var.pgp_key != "" ? 1 : 0
  user    = aws_iam_user.mailer.name
  pgp_key = var.pgp_key
}

resource "aws_iam_access_key" "plain" {
  count = var.create && var.pgp_key == "" ? 1 : 0
  user  = aws_iam_user.mailer.name
}
