resource "aws_iam_access_key" "k" {
  count = 2
  user  = count.index < 2 ? "deploy" : "other"
}
