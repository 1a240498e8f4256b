variable "user" {}
variable "rotate" {
  type = bool
}

variable "primary" {
  default = true
}

resource "aws_iam_access_key" "k" {
  count = var.primary ? 1 : 0
  user  = var.user
}

resource "aws_iam_access_key" "r" {
  count = var.rotate ? 1 : 0
  user  = var.user
}
