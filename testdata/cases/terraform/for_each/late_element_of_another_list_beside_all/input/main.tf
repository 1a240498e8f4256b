variable "operators" {
  type = list(string)
}

variable "deputies" {
  type = list(string)
}

resource "aws_iam_access_key" "each" {
  for_each = toset(var.operators)
  user     = each.key
}

resource "aws_iam_access_key" "deputy" {
  user = var.deputies[40]
}
