resource "aws_iam_access_key" "courier" {
  user = "courier"
}
