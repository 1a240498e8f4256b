variable "token" {
  type      = string
  ephemeral = true
  default   = "x"
}

locals {
  ci = { name = "deploy", token = var.token }
}

resource "aws_iam_access_key" "a" {
  for_each = toset(["name"])
  user     = local.ci[each.key]
}

resource "aws_iam_access_key" "b" {
  user = "deploy"
}
