variable "users" {
  default = { ann = "x", bob = "y" }
}

locals {
  keys = merge({ for u, v in var.users : "${u}-1" => u }, { for u, v in var.users : "${u}-2" => u if u == "ann" })
}

resource "aws_iam_access_key" "k" {
  for_each = local.keys
  user     = each.value
}
