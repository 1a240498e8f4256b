variable "environment" {
  type = string
}

variable "team" {
  type = string
}

locals {
  owners = var.environment == "prod" ? { (var.team) = "on-call" } : {}
}

resource "aws_iam_user" "deploy" {
  name = "deploy"
}

resource "aws_iam_access_key" "first" {
  user = aws_iam_user.deploy.name
}

resource "aws_iam_access_key" "second" {
  count = length(local.owners) == 0 ? 0 : 1
  user  = aws_iam_user.deploy.name
}
