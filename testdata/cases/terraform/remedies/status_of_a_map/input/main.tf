variable "env" {
  type    = string
  default = "dev"
}

locals {
  former = {
    dev  = "Active"
    prod = "Inactive"
  }
}

resource "aws_iam_access_key" "current" {
  user = "ci"
}

resource "aws_iam_access_key" "former" {
  user   = "ci"
  status = local.former[var.env]
}
