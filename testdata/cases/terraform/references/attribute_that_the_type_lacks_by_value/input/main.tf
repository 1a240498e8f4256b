resource "aws_iam_user" "u" {
  name = "deploy"
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = try(values({ u = aws_iam_user.u })[0].login, "other")
}
