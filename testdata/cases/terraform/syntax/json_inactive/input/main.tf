resource "aws_iam_access_key" "exporter" {
  user = "exporter"
}
