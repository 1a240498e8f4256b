locals {
  same = can(regex("^\\p{Greek}$", "k"))
}

resource "aws_iam_access_key" "a" {
  user = "kiln"
}

resource "aws_iam_access_key" "b" {
  count = local.same ? 1 : 0
  user  = "kiln"
}
