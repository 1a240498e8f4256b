provider "aws" {
  profile             = "staging"
  allowed_account_ids = ["210987654321", "210987654322"]
}

provider "aws" {
  alias               = "prod"
  profile             = "production"
  allowed_account_ids = ["345678901234", "345678901235"]
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.prod
  user     = "deploy"
}
