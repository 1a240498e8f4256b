resource "aws_iam_user" "etl" {
  name = "etl"
}

resource "aws_iam_access_key" "spark" {
  user = aws_iam_user.etl.name
}

resource "aws_iam_user_login_profile" "console" {
  user = aws_iam_user.etl.name
}

resource "aws_iam_service_specific_credential" "git" {
  service_name = "codecommit.amazonaws.com"
  user_name    = aws_iam_user.etl.name
}

data "aws_iam_access_keys" "live" {
  user = aws_iam_user.etl.name
}
