variable "role" {
  type    = string
  default = null
}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias = "us"

  dynamic "assume_role" {
    for_each = var.role == null ? [] : [var.role]
    content {
      role_arn = assume_role.value
    }
  }
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.us
  user     = "deploy"
}
