variable "flavour" {
  type    = string
  default = "live"
}

locals {
  folder = "./flavours/${var.flavour}"
}

module "robot" {
  source = local.folder
}

resource "aws_iam_access_key" "own" {
  user = "backup"
}
