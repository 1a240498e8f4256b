variable "consumers" {
  type = set(string)
}

resource "aws_iam_user" "feed" {
  name = "feed"
}

resource "aws_iam_access_key" "feed" {
  for_each = var.consumers
  user     = aws_iam_user.feed.name
}
