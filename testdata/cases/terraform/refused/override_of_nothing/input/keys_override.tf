resource "aws_iam_access_key" "next" {
  user = "ci-next"
}
