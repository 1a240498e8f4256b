resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "primary" {
  user   = aws_iam_user.mailer.name
  status = "Active"
}

resource "aws_iam_access_key" "secondary" {
  user   = aws_iam_user.mailer.name
  status = "Inactive"
}
