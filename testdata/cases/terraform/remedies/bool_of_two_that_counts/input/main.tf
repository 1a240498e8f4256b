variable "off" {
  default = false
}

variable "cleanup" {
  default = true
}

resource "aws_iam_access_key" "a" {
  user = "ci"
}

resource "aws_iam_access_key" "b" {
  count = var.off && var.cleanup ? 0 : 1
  user  = "ci"
}
