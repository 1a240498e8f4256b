variable "role" {
  type = string
}

provider "aws" {
  region = "eu-central-1"

  assume_role {
    role_arn = var.role
  }
}

provider "aws" {
  alias  = "us"
  region = "us-east-1"

  assume_role {
    role_arn = "${var.role}"
  }
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.us
  user     = "deploy"
}
