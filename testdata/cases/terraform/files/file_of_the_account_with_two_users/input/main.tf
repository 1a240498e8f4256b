data "aws_caller_identity" "this" {}

locals {
  users = yamldecode(file("${path.module}/accounts/${data.aws_caller_identity.this.account_id}.yaml"))
}

resource "aws_iam_access_key" "each" {
  for_each = local.users
  user     = each.value
}
