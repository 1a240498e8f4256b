locals {
  stage = basename(abspath(path.root))
  users = yamldecode(file("../../users/${local.stage}.yaml"))
}

resource "aws_iam_access_key" "each" {
  for_each = local.users
  user     = each.value
}
