resource "aws_iam_user" "mailer" {
  name = "mailer"
}

module "key" {
  source = "./key"
  count  = 2
  name   = aws_iam_user.mailer.name
}
