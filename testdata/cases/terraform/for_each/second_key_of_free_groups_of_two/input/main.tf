variable "people" {
  type = map(object({ account = string }))
}

locals {
  accounts = { for name, person in var.people : person.account => name... }
}

resource "aws_iam_access_key" "first" {
  for_each = local.accounts

  user = each.key
}

resource "aws_iam_access_key" "second" {
  for_each = { for account, names in local.accounts : account => names if length(names) > 1 }

  user = each.key
}
