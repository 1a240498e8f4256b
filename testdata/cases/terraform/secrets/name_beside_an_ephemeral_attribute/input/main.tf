variable "token" {
  type      = string
  ephemeral = true
  default   = "x"
}

locals {
  login = {
    name  = "deploy"
    token = var.token
  }
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = local.login.name
}
