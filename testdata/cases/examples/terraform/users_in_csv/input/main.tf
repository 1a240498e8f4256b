locals {
  keys = csvdecode(file("${path.module}/keys.csv"))
}

resource "aws_iam_access_key" "this" {
  for_each = { for key in local.keys : key.id => key }

  user = each.value.user
}

resource "aws_secretsmanager_secret" "this" {
  for_each = aws_iam_access_key.this

  name = "access-keys/${each.value.user}/${each.key}"
}
