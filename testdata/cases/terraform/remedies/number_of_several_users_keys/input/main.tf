locals {
  owners = ["ci", "ci", "other"]
}

resource "aws_iam_access_key" "this" {
  count = 3
  user  = local.owners[count.index]
}
