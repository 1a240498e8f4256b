variable "users" {
  default = {
    ci    = { keys = 2 }
    other = { keys = 1 }
  }
}

locals {
  keys = flatten([for name, user in var.users : [for i in range(user.keys) : { user = name, number = i }]])
}

resource "aws_iam_access_key" "this" {
  for_each = { for key in local.keys : "${key.user}-${key.number}" => key }
  user     = each.value.user
}
