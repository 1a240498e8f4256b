locals {
  same = tonumber(".5") > 1
}

resource "aws_iam_access_key" "a" {
  user = "kiln"
}

resource "aws_iam_access_key" "b" {
  count = local.same ? 1 : 0
  user  = "kiln"
}
