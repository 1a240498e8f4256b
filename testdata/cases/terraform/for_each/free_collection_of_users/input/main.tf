variable "members" {
  type = set(string)
}

resource "aws_iam_user" "member" {
  for_each = var.members
  name     = each.value
}

resource "aws_iam_access_key" "member" {
  for_each = var.members
  user     = aws_iam_user.member[each.key].name
}
