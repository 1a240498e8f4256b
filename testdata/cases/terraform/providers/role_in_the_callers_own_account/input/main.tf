data "aws_caller_identity" "current" {}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias = "iam"

  assume_role {
    role_arn = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/iam-admin"
  }
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.iam
  user     = "deploy"
}
