variable "token" {
  type      = string
  ephemeral = true
  default   = "x"
}

locals {
  on = var.token != ""
}

resource "aws_iam_access_key" "k" {
  count = local.on ? 2 : 0
  user  = "deploy"
}
