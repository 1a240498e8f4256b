variable "token" {
  type      = string
  ephemeral = true
  default   = "x"
}

locals {
  settings = { token = var.token, user = "deploy" }
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = local.settings.user
}
