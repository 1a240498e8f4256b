locals {
  services = ["pull", "push"]
}

resource "aws_iam_user" "registry" {
  for_each = toset(local.services)
  name     = each.key
}

resource "aws_iam_access_key" "registry" {
  for_each = toset(local.services)
  user     = aws_iam_user.registry[each.key].name
}
