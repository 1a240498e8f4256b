variable "keys" {
  default = 1
}

resource "aws_iam_access_key" "mail" {
  count = var.keys
  user  = "mail"
}
