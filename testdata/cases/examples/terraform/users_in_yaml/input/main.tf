locals {
  users = yamldecode(file("${path.module}/users.yaml")).users
  keys = merge([
    for user in local.users : {
      for key in user.keys : "${user.name}/${key}" => user.name
    }
  ]...)
}

resource "aws_iam_user" "service" {
  for_each = { for user in local.users : user.name => user }

  name = each.key
  tags = { team = each.value.team }
}

resource "aws_iam_access_key" "service" {
  for_each = local.keys

  user = aws_iam_user.service[each.value].name
}
