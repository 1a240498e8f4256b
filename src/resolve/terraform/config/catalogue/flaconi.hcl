# Flaconi/iam-roles from 3: one key for each access key of each user.
variable "users" { default = [] }
locals {
  keys = flatten([
    for u in var.users : [
      for k in try(u.access_keys == null ? [] : u.access_keys, []) : { user = u.name, key = k.name, status = try(k.status, null) }
    ]
  ])
}
resource "aws_iam_user" "users" {
  for_each = { for u in var.users : u.name => u }
  name     = each.key
}
resource "aws_iam_access_key" "access_key" {
  for_each = { for k in local.keys : "${k.user}:${k.key}" => k }
  user     = each.value.user
  status   = each.value.status
}
output "users" { value = aws_iam_user.users }
