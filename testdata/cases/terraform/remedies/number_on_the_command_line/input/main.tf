variable "keys" {
  type    = number
  default = 1
}

resource "aws_iam_access_key" "this" {
  count = var.keys
  user  = "ci"
}
