terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.source, aws.target]
    }
  }
}

resource "aws_iam_access_key" "source" {
  provider = aws.source
  user     = "replicator"
}

resource "aws_iam_access_key" "target" {
  provider = aws.target
  user     = "replicator"
}
