variable "vendor" {
  type = string
}

locals {
  accounts = tolist(toset([var.vendor, "metrics"]))
}

resource "aws_iam_access_key" "build" {
  user = local.accounts[0]
}

resource "aws_iam_access_key" "deploy" {
  user = local.accounts[0]
}
