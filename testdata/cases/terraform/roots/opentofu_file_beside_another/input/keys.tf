resource "aws_iam_access_key" "a" {
  user = "deploy"
}
