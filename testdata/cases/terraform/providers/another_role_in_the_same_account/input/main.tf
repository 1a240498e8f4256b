provider "aws" {
  region = "eu-central-1"

  assume_role {
    role_arn = "arn:aws:iam::210987654321:role/terraform"
  }
}

provider "aws" {
  alias  = "iam"
  region = "eu-central-1"

  assume_role {
    role_arn     = "arn:aws:iam::210987654321:role/path/iam-admin"
    session_name = "keys"
  }
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.iam
  user     = "deploy"
}
