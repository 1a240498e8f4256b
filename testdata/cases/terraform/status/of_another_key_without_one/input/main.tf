resource "aws_iam_access_key" "first" {
  user = "relay"
}

resource "aws_iam_access_key" "second" {
  user   = "relay"
  status = aws_iam_access_key.first.status
}
