terraform {
  required_providers {
    terraform = { source = "terraform.io/builtin/terraform" }
  }
}

resource "aws_iam_access_key" "a" {
  user = provider::terraform::decode_tfvars(provider::terraform::encode_tfvars({ user = "deploy" })).user
}

resource "aws_iam_access_key" "b" {
  user = trim(provider::terraform::encode_expr("deploy"), "\"d")
}
