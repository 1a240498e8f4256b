locals {
  owner = "archiver"
}

locals {
  owner = "reader"
}

resource "aws_iam_access_key" "one" {
  user = local.owner
}

resource "aws_iam_access_key" "two" {
  user = "archiver"
}
