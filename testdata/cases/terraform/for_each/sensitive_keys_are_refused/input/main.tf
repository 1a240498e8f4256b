variable "feeds" {
  type      = map(string)
  sensitive = true
  default   = { read = "a", write = "b" }
}

resource "aws_iam_access_key" "feed" {
  for_each = var.feeds
  user     = "feed"
}
