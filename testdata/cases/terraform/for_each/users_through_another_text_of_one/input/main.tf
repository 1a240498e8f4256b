variable "users" {
  type = list(string)
}

resource "aws_iam_access_key" "old" {
  for_each = toset(split(";", join(",", var.users)))
  user     = each.key
}

resource "aws_iam_access_key" "new" {
  for_each = toset(var.users)
  user     = each.key
}
