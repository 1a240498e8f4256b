variable "user" {
  type = string
}

variable "keys" {
  type = number
}

resource "aws_iam_access_key" "robot" {
  count = var.keys
  user  = var.user
}
