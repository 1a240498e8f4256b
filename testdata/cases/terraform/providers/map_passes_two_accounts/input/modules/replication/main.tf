terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.backup]
    }
  }
}

resource "aws_iam_access_key" "primary" {
  user = "replicator"
}

resource "aws_iam_access_key" "secondary" {
  provider = aws.backup
  user     = "replicator"
}
