variable "rotating" {
  default = false
}

resource "aws_iam_access_key" "current" {
  user = "ci"
}

resource "aws_iam_access_key" "next" {
  count = var.rotating ? 1 : 0
  user  = "ci"
}
