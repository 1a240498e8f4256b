resource "aws_iam_access_key" "feed" {
  for_each = null
  user     = "feed"
}
