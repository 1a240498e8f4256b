variable "team" {
  type = string
}

variable "stage" {
  type = string
}

locals {
  first = contains(["web", "api"], var.team) && var.stage == "live"
}

resource "aws_iam_access_key" "team" {
  count = local.first ? 1 : 0
  user  = join("-", [var.team, var.stage])
}

resource "aws_iam_access_key" "api" {
  user = "api-trial"
}
