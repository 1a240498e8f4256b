variable "keep" {
  type    = bool
  default = true
}

resource "aws_iam_access_key" "a" {
  user = "deploy"

  lifecycle {
    prevent_destroy = var.keep
  }
}

resource "aws_iam_access_key" "b" {
  user = "deploy"
}
