provider "aws" {
  alias = "west"
}

resource "aws_iam_access_key" "ci" {
  provider = aws.west[0]
  user     = "ci"
}
