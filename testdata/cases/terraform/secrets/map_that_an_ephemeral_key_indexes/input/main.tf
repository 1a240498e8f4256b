variable "stage" {
  type      = string
  ephemeral = true
  default   = "live"
}

locals {
  users = tomap({ live = "deploy", trial = "deploy" })
}

resource "aws_iam_access_key" "old" {
  user = local.users[var.stage]
}

resource "aws_iam_access_key" "new" {
  user = "deploy"
}
