resource "aws_iam_access_key" "a" {
  user     = "deploy"
}

resource "aws_iam_access_key" "b" {
  user     = "deploy"
}
