variable "size" {
  type    = string
  default = "huge"
}

locals {
  keys = { small = 1, large = 2 }
}

resource "aws_iam_access_key" "robot" {
  count = local.keys[var.size]
  user  = "robot"
}
