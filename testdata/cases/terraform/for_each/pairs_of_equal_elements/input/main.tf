variable "people" {
  type = list(string)
}

locals {
  pairs = flatten([for a in var.people : [for b in var.people : { a = a, b = b } if a == b]])
}

resource "aws_iam_access_key" "ci" {
  for_each = { for pair in local.pairs : "${pair.b}.${pair.a}" => pair }
  user     = each.value.a
}
