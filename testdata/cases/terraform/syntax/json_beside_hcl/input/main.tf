resource "aws_iam_user" "exporter" {
  name = "exporter"
}

resource "aws_iam_access_key" "exporter" {
  user = aws_iam_user.exporter.name
}
