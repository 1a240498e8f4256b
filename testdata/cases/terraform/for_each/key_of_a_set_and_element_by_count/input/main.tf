variable "users" {
  type = list(string)
}

resource "aws_iam_access_key" "old" {
  for_each = toset(var.users)
  user     = each.key
}

resource "aws_iam_access_key" "new" {
  count = length(var.users)
  user  = var.users[count.index]
}
