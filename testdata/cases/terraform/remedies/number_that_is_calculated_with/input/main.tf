variable "extra" {
  default = 1
}

resource "aws_iam_access_key" "a" {
  count = 1 + var.extra
  user  = "ci"
}
