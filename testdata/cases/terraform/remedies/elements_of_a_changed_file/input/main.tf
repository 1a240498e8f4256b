locals {
  keys = yamldecode(replace(trimspace(file("${path.module}/keys.yaml")), "TEAM", "ci"))
}

resource "aws_iam_access_key" "this" {
  for_each = local.keys
  user     = each.value.user
}
