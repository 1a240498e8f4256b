variable "token" {
  type      = string
  sensitive = true
}

variable "name" {
  type = string
}

locals {
  header = "Bearer ${upper(var.token)}"
}

resource "aws_iam_access_key" "one" {
  user = "ci"
}

resource "aws_iam_access_key" "two" {
  count = issensitive(local.header) ? 1 : 0
  user  = "ci"
}
