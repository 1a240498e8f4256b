variable "keys" {
  type = number
}

resource "aws_iam_access_key" "bot" {
  count = var.keys
  user  = "ci"
}
