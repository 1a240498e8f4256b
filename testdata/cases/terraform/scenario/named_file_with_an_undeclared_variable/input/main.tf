variable "keys" {
  default = 1
}

resource "aws_iam_access_key" "k" {
  count = var.keys
  user  = "ci"
}
