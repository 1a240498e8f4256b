variable "people" {
  type = map(set(string))
}

locals {
  pairs = flatten([for person, laptops in var.people : [for laptop in laptops : { person = person, laptop = laptop }]])
}

resource "aws_iam_access_key" "laptop" {
  for_each = { for pair in local.pairs : "${pair.person}/${pair.laptop}" => pair }
  user     = each.value.person
}
