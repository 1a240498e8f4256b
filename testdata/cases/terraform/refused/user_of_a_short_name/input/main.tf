resource "aws_iam_access_key" "a" {
  user = "+"
}

resource "aws_iam_access_key" "b" {
  user = "+"
}
