resource "aws_iam_access_key" "ci" {
  count = 2

  lifecycle {
    create_before_destroy = true
  }
}
