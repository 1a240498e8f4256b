resource "aws_iam_user" "u" {
  count = 0
  name  = "deploy"
}

resource "aws_iam_access_key" "k" {
  count = 0
  user  = aws_iam_user.u[0].name
}

resource "aws_iam_access_key" "two" {
  count = 2
  user  = "deploy"
}
