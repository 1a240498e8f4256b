resource "aws_iam_access_key" "first" {
  user = "exporter"
}

resource "aws_iam_access_key" "second" {
  user = "exporter"
}
