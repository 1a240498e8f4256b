provider "aws" {
  allowed_account_ids = ["210987654321"]
}

provider "aws" {
  alias               = "vault"
  allowed_account_ids = ["345678901234"]
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.vault
  user     = "deploy"
}
