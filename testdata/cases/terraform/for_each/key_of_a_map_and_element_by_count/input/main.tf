variable "users" {
  type = map(string)
}

resource "aws_iam_access_key" "old" {
  for_each = var.users
  user     = each.key
}

resource "aws_iam_access_key" "new" {
  count = length(values(var.users))
  user  = values(var.users)[count.index]
}
