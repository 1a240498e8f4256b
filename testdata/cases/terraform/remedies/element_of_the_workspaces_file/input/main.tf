locals {
  keys = yamldecode(file("${path.module}/${terraform.workspace}.yaml"))
}

resource "aws_iam_access_key" "this" {
  for_each = local.keys
  user     = each.value.user
  status   = each.value.status
}
