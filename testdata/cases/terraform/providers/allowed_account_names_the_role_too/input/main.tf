provider "aws" {
  assume_role {
    role_arn = "arn:aws:iam::210987654321:role/terraform"
  }
}

provider "aws" {
  alias               = "sso"
  profile             = "production"
  allowed_account_ids = ["210987654321"]
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.sso
  user     = "deploy"
}
