locals {
  per_env = {
    default = 2
    prod    = 1
  }
}

resource "aws_iam_access_key" "k" {
  count = local.per_env[terraform.workspace]
  user  = "ci"
}
