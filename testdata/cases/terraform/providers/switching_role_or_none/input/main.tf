variable "role" {
  type = bool
}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias = "iam"

  assume_role {
    role_arn = var.role ? "arn:aws:iam::210987654321:role/iam" : null
  }
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.iam
  user     = "deploy"
}
