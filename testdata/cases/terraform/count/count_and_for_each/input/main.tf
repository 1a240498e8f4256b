resource "aws_iam_access_key" "k" {
  count    = 2
  for_each = toset(["a", "b"])
  user     = "deploy"
}
