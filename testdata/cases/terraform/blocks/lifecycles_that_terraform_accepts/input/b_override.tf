resource "aws_iam_access_key" "b" {
  lifecycle {
    create_before_destroy = true
  }
}
