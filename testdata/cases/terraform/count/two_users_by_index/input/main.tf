resource "aws_iam_user" "mailer" {
  count = 2
  name  = "mailer-${count.index}"
}

resource "aws_iam_access_key" "mailer" {
  count = 2
  user  = aws_iam_user.mailer[count.index].name
}
