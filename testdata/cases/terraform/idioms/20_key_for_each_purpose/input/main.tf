resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "ses" {
  user = aws_iam_user.mailer.name
}

resource "aws_iam_access_key" "s3" {
  user = aws_iam_user.mailer.name
}
