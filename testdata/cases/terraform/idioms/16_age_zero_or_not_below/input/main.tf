variable "max_age_days" {
  type = number
}

resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "lasting" {
  count = var.max_age_days == 0 ? 1 : 0
  user  = aws_iam_user.mailer.name
}

resource "awsutils_expiring_iam_access_key" "expiring" {
  count   = var.max_age_days >= 0 ? 1 : 0
  user    = aws_iam_user.mailer.name
  max_age = var.max_age_days * 86400
}
