variable "name" {
  type = string
}

variable "keys" {
  type = number
}

resource "aws_iam_access_key" "this" {
  count = var.keys
  user  = var.name
}
