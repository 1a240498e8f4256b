provider "aws" {
  allowed_account_ids = ["210987654321"]
}

provider "aws" {
  alias               = "vault"
  allowed_account_ids = ["345678901234"]
}

resource "aws_iam_user" "deploy" {
  name = "deploy"
}

resource "aws_iam_access_key" "here" {
  count = 2
  user  = aws_iam_user.deploy.name
}

resource "aws_iam_user" "vault" {
  provider = aws.vault
  name     = "deploy"
}

resource "aws_iam_access_key" "there" {
  count    = 2
  provider = aws.vault
  user     = aws_iam_user.vault.name
}
