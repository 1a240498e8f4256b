locals {
  long = join("-", [for i in range(22) : format("%02d", i)])
}

resource "aws_iam_access_key" "long" {
  count = 2
  user  = local.long
}

resource "aws_iam_access_key" "ci" {
  count = 2
  user  = "ci"
}
