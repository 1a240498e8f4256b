variable "build" {
  type = string
}

variable "test" {
  type = string
}

variable "deploy" {
  type = string
}

resource "aws_iam_access_key" "build" {
  count = var.build == var.test ? 1 : 0
  user  = var.build
}

resource "aws_iam_access_key" "deploy" {
  count = var.test != var.deploy ? 1 : 0
  user  = var.deploy
}
