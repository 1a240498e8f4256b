locals {
  name = try(count.index, "deploy")
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = local.name
}
