resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "this" {
  user = aws_iam_user.mailer.name
}

module "bucket" {
  source = "./bucket"

  user_name = aws_iam_user.mailer.name
}
