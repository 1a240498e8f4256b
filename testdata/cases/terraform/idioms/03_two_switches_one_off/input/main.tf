variable "key1_enabled" {
  type    = bool
  default = true
}

variable "key2_enabled" {
  type    = bool
  default = false
}

resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "key1" {
  count = var.key1_enabled ? 1 : 0
  user  = aws_iam_user.mailer.name
}

resource "aws_iam_access_key" "key2" {
  count = var.key2_enabled ? 1 : 0
  user  = aws_iam_user.mailer.name
}
