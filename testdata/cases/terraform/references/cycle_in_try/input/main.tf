locals {
  a = try(local.b, "deploy")
  b = local.a
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = local.a
}
