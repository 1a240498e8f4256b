variable "login" {
  type = string
}

data "aws_iam_user" "a" {
  user_name = var.login
}

data "aws_iam_user" "b" {
  user_name = var.login
}

resource "aws_iam_access_key" "a" {
  user = data.aws_iam_user.a.user_name
}

resource "aws_iam_access_key" "b" {
  user = data.aws_iam_user.b.user_name
}
