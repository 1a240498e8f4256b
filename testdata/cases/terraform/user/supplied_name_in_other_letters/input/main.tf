variable "team" {
  type    = string
  default = "ops"
}

variable "spare" {
  type    = bool
  default = false
}

module "robot" {
  source = "./robot"
  team   = var.team
}

resource "aws_iam_access_key" "spare" {
  count = var.spare ? 1 : 0
  user  = "OPS-ROBOT"
}
