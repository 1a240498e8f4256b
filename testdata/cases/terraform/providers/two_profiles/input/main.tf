provider "aws" {
  profile = "staging"
}

provider "aws" {
  alias   = "prod"
  profile = "production"
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.prod
  user     = "deploy"
}
