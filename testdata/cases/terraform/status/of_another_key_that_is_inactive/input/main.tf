resource "aws_iam_access_key" "first" {
  user = "relay"
  status = "Inactive"
}

resource "aws_iam_access_key" "second" {
  user   = "relay"
  status = aws_iam_access_key.first.status
}
