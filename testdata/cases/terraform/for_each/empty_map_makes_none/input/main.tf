resource "aws_iam_access_key" "feed" {
  for_each = {}
  user     = "feed"
}
