variable "services" {
  type = list(string)
}

locals {
  regions = { eu = "eu-west-1" }
}

resource "aws_iam_access_key" "regional" {
  for_each = toset([for name in var.services : "${name}-${local.regions["eu"]}"])
  user     = each.value
}

resource "aws_iam_access_key" "listed" {
  count = length(var.services) > 0 ? 1 : 0
  user  = "gateway"
}

resource "aws_iam_access_key" "fixed" {
  user = "gateway"
}
