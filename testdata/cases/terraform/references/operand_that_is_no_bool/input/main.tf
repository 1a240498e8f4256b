resource "aws_iam_access_key" "k" {
  count = (true || "prod") ? 2 : 1
  user  = "deploy"
}
