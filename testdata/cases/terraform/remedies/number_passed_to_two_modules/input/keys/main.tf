variable "keys" {
  type = number
}

variable "each" {
  type    = bool
  default = false
}

resource "aws_iam_access_key" "this" {
  count = var.keys
  user  = var.each ? "runner-${count.index}" : "ci"
}
