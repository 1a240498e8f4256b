resource "aws_iam_user" "u" {
  name = "deploy"
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = aws_iam_user.u["name"]
}
