variable "users" {
  type = map(object({ rotating = bool }))
}

resource "aws_iam_access_key" "current" {
  for_each = var.users
  user     = each.key
}

resource "aws_iam_access_key" "next" {
  for_each = { for name, user in var.users : name => user if user.rotating }
  user     = each.key
}
