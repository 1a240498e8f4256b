locals {
  settings = provider::terraform::decode_tfvars(file("${path.module}/users.txt"))
}

resource "aws_iam_access_key" "old" {
  user = local.settings.user
}

resource "aws_iam_access_key" "new" {
  user = "deploy"
}
