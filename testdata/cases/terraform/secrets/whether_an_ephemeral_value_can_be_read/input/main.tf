variable "token" {
  type      = string
  ephemeral = true
  default   = "x"
}

resource "aws_iam_access_key" "k" {
  count = can(var.token) ? 2 : 0
  user  = "deploy"
}
