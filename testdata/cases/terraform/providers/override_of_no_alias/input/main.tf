resource "aws_iam_access_key" "a" {
  user     = "deploy"
  provider = aws.x
}

resource "aws_iam_access_key" "b" {
  user     = "deploy"
  provider = aws.x
}
