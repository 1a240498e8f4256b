resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "pair" {
  count = 2
  user  = aws_iam_user.mailer.name
}
