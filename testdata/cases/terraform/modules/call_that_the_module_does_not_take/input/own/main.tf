provider "aws" {
  region = "eu-west-1"
}

resource "aws_iam_access_key" "it" {
  count = 2
  user  = "own"
}
