resource "aws_iam_access_key" "new" {
  user = "ci"
}

resource "aws_iam_access_key" "old" {
  user = "ci"
}

resource "aws_iam_access_key" "other" {
  user = "other"
}
