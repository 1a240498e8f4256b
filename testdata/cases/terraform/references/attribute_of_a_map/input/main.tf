resource "aws_iam_user" "u" {
  name = "deploy"
  tags = { team = "web" }
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = try(aws_iam_user.u.tags.login, aws_iam_user.u.name)
}
