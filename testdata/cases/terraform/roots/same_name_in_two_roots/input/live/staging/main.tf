provider "aws" {
  region = "eu-central-1"
}

resource "aws_iam_user" "deploy" {
  name = "deploy"
  tags = { stage = "staging" }
}

resource "aws_iam_access_key" "deploy" {
  user = aws_iam_user.deploy.name
}
