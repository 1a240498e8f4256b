resource "aws_iam_user" "mailer" {
  name = "mailer"
}

module "web" {
  source = "./key"
  name   = aws_iam_user.mailer.name
}

module "batch" {
  source = "./key"
  name   = aws_iam_user.mailer.name
}
