locals {
  owner = "other"
}

resource "aws_iam_access_key" "a" {
  user = local.owner
}

resource "aws_iam_access_key" "b" {
  user = "deploy"
}
