locals {
  rows = csvdecode(file("${path.module}/users.csv"))
}

resource "aws_iam_access_key" "first" {
  for_each = { for r in local.rows : r.name => r }
  user     = each.key
}

resource "aws_iam_access_key" "second" {
  for_each = { for r in local.rows : r.name => r if r.rotate == "yes" }
  user     = each.key
}
