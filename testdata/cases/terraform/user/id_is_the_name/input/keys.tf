resource "aws_iam_access_key" "nightly" {
  user = aws_iam_user.backup.name
}

resource "aws_iam_access_key" "weekly" {
  user = aws_iam_user.backup.id
}
