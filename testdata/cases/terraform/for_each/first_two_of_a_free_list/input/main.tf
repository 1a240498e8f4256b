variable "users" {
  type = list(string)
}

resource "aws_iam_access_key" "first" {
  for_each = toset(slice(var.users, 0, min(2, length(var.users))))
  user     = each.key
}

resource "aws_iam_access_key" "rest" {
  for_each = toset(slice(var.users, min(1, length(var.users)), length(var.users)))
  user     = each.key
}
