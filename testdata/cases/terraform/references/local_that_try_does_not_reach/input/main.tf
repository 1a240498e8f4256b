variable "user_name" {
  type = string
}

locals {
  user = var.user_name
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = try("deploy", local.user)
}
