locals {
  users = yamldecode(file("${path.module}/users.yaml")).users
  keys  = merge([for user in local.users : { for slot in user.keys : "${user.name}/${slot}" => user.name }]...)
}

resource "aws_iam_access_key" "this" {
  for_each = local.keys
  user     = each.value
}
