variable "users" {
  type = list(string)
}

resource "aws_iam_access_key" "old" {
  for_each = length(var.users) > 1 ? toset(split(";", join(",", var.users))) : []
  user     = each.key
}

resource "aws_iam_access_key" "new" {
  for_each = toset(var.users)
  user     = each.key
}
