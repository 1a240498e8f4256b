variable "users" {
  type = string
}

resource "aws_iam_access_key" "each" {
  for_each = toset([for account in jsondecode(var.users) : account.user])
  user     = each.key
}

resource "aws_iam_access_key" "first" {
  user = [for account in jsondecode(var.users) : account.user][0]
}
