provider "aws" {
  profile = "staging"
}

provider "aws" {
  alias   = "us"
  profile = "staging"
  region  = "us-east-1"
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.us
  user     = "deploy"
}
