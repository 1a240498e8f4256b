resource "aws_iam_access_key" "ci" {
  count = 12
  user  = "ci"
}
