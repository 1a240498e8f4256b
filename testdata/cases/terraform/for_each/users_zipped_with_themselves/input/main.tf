variable "users" {
  type = list(string)
}

resource "aws_iam_access_key" "old" {
  for_each = zipmap([for name in var.users : "old-${name}"], var.users)
  user     = each.value
}

resource "aws_iam_access_key" "new" {
  for_each = toset(var.users)
  user     = each.key
}
