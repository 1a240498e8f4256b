resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "this" {
  count = terraform.workspace == "prod" ? 2 : 1
  user  = aws_iam_user.mailer.name
}
