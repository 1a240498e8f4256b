locals {
  users = []
}

resource "aws_iam_user" "this" {
  count = length(local.users)
  name  = local.users[count.index]
}

resource "aws_iam_access_key" "this" {
  count = length(local.users) * 2
  user  = element(aws_iam_user.this[*].name, count.index)
}
