resource "aws_iam_\u0061ccess_key" "deploy" {
  user = = "deploy"
}
