data "aws_iam_user" "u" {
  user_name = "deploy"
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = try(data.aws_iam_user.u.user_name, "other")
}
