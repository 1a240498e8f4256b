variable "prod" {
  type = bool
}

locals {
  role = var.prod ? "arn:aws:iam::210987654321:role/terraform" : "arn:aws:iam::345678901234:role/terraform"
}

provider "aws" {
  assume_role {
    role_arn = local.role
  }
}

provider "aws" {
  alias  = "us"
  region = "us-east-1"

  assume_role {
    role_arn = !var.prod ? "arn:aws:iam::345678901234:role/iam" : "arn:aws:iam::210987654321:role/iam"
  }
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.us
  user     = "deploy"
}
