provider "aws" {
  allowed_account_ids = ["210987654321"]
}

provider "aws" {
  alias               = "vault"
  allowed_account_ids = ["345678901234"]
}

module "ci" {
  source = "./modules/ci"

  providers = {
    aws.other = aws.vault
  }
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}
