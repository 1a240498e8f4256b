provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias      = "local"
  region     = "us-east-1"
  access_key = "test"
  secret_key = "test"

  endpoints {
    iam = "http://localhost:4566"
  }
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.local
  user     = "deploy"
}
