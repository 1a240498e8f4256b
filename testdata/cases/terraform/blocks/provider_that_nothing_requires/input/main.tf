resource "aws_iam_access_key" "a" {
  user     = "deploy"
  provider = amazon
}

resource "aws_iam_access_key" "b" {
  user = "deploy"
}
