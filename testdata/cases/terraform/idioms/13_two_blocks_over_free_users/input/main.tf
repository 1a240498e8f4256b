variable "users" {
  type = set(string)
}

resource "aws_iam_user" "this" {
  for_each = var.users

  name = each.key
}

resource "aws_iam_access_key" "current" {
  for_each = var.users

  user = aws_iam_user.this[each.key].name
}

resource "aws_iam_access_key" "next" {
  for_each = var.users

  user = each.key
}
