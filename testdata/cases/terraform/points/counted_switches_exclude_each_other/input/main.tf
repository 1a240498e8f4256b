variable "regions" {
  type = object({
    use1 = bool, use2 = bool, usw1 = bool, usw2 = bool, euw1 = bool, euw2 = bool
    euc1 = bool, eun1 = bool, aps1 = bool, aps2 = bool, apn1 = bool, sae1 = bool
  })
}

locals {
  enabled = sum([
    var.regions.use1 ? 1 : 0, var.regions.use2 ? 1 : 0, var.regions.usw1 ? 1 : 0, var.regions.usw2 ? 1 : 0,
    var.regions.euw1 ? 1 : 0, var.regions.euw2 ? 1 : 0, var.regions.euc1 ? 1 : 0, var.regions.eun1 ? 1 : 0,
    var.regions.aps1 ? 1 : 0, var.regions.aps2 ? 1 : 0, var.regions.apn1 ? 1 : 0, var.regions.sae1 ? 1 : 0,
  ])
}

resource "aws_iam_access_key" "few" {
  count = local.enabled < 3 ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "many" {
  count = local.enabled >= 3 ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "none" {
  count = local.enabled > 12 || local.enabled == 1.5 ? 1 : 0
  user  = "deploy"
}
