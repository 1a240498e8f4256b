variable "rotating" {
  type    = bool
  default = true
}

resource "aws_iam_access_key" "current" {
  user = "ci"
}

resource "aws_iam_access_key" "next" {
  count = var.rotating ? 1 : 0
  user  = "ci"
}

resource "aws_iam_access_key" "auditor" {
  count = var.rotating ? 1 : 0
  user  = "auditor"
}
