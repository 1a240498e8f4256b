resource "aws_iam_access_key" "k" {
  count = can(local.rotate) ? 1 : 2
  user  = "deploy"
}
