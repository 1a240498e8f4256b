variable "account_id" {
  type = string
}

data "aws_partition" "current" {}

provider "aws" {
  assume_role {
    role_arn = "arn:aws:iam::${var.account_id}:role/terraform"
  }
}

provider "aws" {
  alias = "iam"

  assume_role {
    role_arn = format("arn:%s:iam::%s:role/iam-admin", data.aws_partition.current.partition, var.account_id)
  }
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.iam
  user     = "deploy"
}
