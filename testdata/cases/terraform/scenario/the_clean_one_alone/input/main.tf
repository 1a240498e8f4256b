variable "rotate" {
  type    = bool
  default = false
}

resource "aws_iam_access_key" "first" {
  user = "ci"
}

resource "aws_iam_access_key" "second" {
  count = var.rotate ? 1 : 0
  user  = "ci"
}
