variable "public_key" {
  type    = string
  default = null
}

locals {
  robot = {
    name = "robot"
    key  = file(var.public_key)
  }
}

resource "aws_iam_access_key" "first" {
  user = local.robot.name
}

resource "aws_iam_access_key" "second" {
  user = "other"
}
