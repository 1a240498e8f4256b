resource "aws_iam_access_key" "laptop" {
  user = "deploy"
}
