resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "first" {
  user = aws_iam_user.mailer.name
}

resource "aws_iam_access_key" "second" {
  user = aws_iam_user.mailer.name
}
