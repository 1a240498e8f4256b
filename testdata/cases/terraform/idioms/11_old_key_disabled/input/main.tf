resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "new" {
  user = aws_iam_user.mailer.name
}

resource "aws_iam_access_key" "old_disabled" {
  user   = aws_iam_user.mailer.name
  status = "Inactive"
}
