locals {
  users = jsondecode(templatefile("${path.module}/users.json", {}))
}

resource "aws_iam_access_key" "this" {
  count = local.users.ci
  user  = "ci"
}

resource "aws_iam_access_key" "other" {
  count = local.users.other
  user  = "other"
}
