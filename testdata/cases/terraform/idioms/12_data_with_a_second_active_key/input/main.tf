variable "users" {
  type = list(object({
    name = string
    access_keys = list(object({
      name   = string
      status = optional(string, "Active")
    }))
  }))
  default = []
}

locals {
  access_keys = flatten([
    for user in var.users : [
      for key in user.access_keys : {
        id     = "${user.name}/${key.name}"
        user   = user.name
        status = key.status
      }
    ]
  ])
}

resource "aws_iam_user" "this" {
  for_each = { for user in var.users : user.name => user }

  name = each.key
}

resource "aws_iam_access_key" "this" {
  for_each = { for key in local.access_keys : key.id => key }

  user   = aws_iam_user.this[each.value.user].name
  status = each.value.status
}
