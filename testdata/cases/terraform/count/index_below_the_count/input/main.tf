variable "users" {
  type = number
}

locals {
  names = ["ana", "ben", "cleo"]
}

resource "aws_iam_access_key" "each" {
  count = var.users
  user  = local.names[count.index]
}

resource "aws_iam_access_key" "cleo" {
  count = var.users < 4 ? 1 : 0
  user  = "cleo"
}
