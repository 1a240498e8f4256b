provider "aws" {
  allowed_account_ids = ["210987654321"]
}

provider "aws" {
  alias               = "vault"
  allowed_account_ids = ["345678901234"]
}

module "team" {
  source = "./modules/team"

  providers = {
    aws = aws.vault
  }
}

resource "aws_iam_access_key" "extra" {
  user = "deploy"
}
