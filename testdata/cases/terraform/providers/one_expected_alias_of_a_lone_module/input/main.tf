terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.source, aws.target]
    }
  }
}

resource "aws_iam_access_key" "first" {
  provider = aws.target
  user     = "replicator"
}

resource "aws_iam_access_key" "second" {
  provider = aws.target
  user     = "replicator"
}
