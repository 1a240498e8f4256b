provider "aws" {
  alias = "other"
}

resource "aws_iam_access_key" "this" {
  provider = aws.other
  user     = "deploy"
}
