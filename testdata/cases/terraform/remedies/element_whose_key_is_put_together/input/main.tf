variable "robots" {
  type = list(object({ team = string, user = string, slot = number }))
}

locals {
  robots = { for r in var.robots : "${r.team}-${r.user}-${r.slot}" => r }
}

resource "aws_iam_access_key" "robot" {
  for_each = local.robots
  user     = each.value.user
}
