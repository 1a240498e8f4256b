check "user" {
  data "aws_iam_user" "u" {
    user_name = "deploy"
  }

  assert {
    condition     = data.aws_iam_user.u.path == "/"
    error_message = "The user is elsewhere."
  }
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = try(data.aws_iam_user.u.user_name, "deploy")
}
