resource "aws_iam_access_key" "first" {
  user = "courier"
}

resource "aws_iam_access_key" "second" {
  user = "courier"
}
