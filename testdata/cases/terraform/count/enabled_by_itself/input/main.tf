resource "aws_iam_access_key" "a" {
  user = "deploy"

  lifecycle {
    enabled = true
  }
}

resource "aws_iam_access_key" "b" {
  user = "deploy"

  lifecycle {
    enabled = true
  }
}
