variable "keys" {
  type = number
}

variable "user" {
  type = string
}

resource "aws_iam_access_key" "k" {
  count = var.keys
  user  = var.user
}
