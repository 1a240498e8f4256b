resource "aws_iam_access_key" "old" {
  count = 2
  user  = "ci"
}

resource "aws_iam_access_key" "new" {
  count = 2
  user  = "ci"
}
