variable "users" {
  type = list(string)
}

resource "aws_iam_access_key" "old" {
  for_each = setsubtract(var.users, ["audit"])
  user     = each.key
}

resource "aws_iam_access_key" "new" {
  for_each = setsubtract(var.users, ["audit"])
  user     = each.value
}
