provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias       = "us"
  region      = "us-east-1"
  max_retries = 9

  default_tags {
    tags = { region = "us" }
  }
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.us
  user     = "deploy"
}
