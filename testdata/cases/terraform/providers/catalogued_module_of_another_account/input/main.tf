provider "aws" {
  allowed_account_ids = ["210987654321"]
}

provider "aws" {
  alias               = "vault"
  allowed_account_ids = ["345678901234"]
}

module "bucket" {
  source       = "cloudposse/s3-bucket/aws"
  version      = "~> 4.0"
  name         = "files"
  user_enabled = true

  providers = {
    aws = aws.vault
  }
}

resource "aws_iam_access_key" "second" {
  user = "files"
}
