variable "role" {
  type = string
}

variable "audit_role" {
  type = string
}

provider "aws" {
  assume_role {
    role_arn = var.role
  }
}

provider "aws" {
  alias = "audit"

  assume_role {
    role_arn = var.audit_role
  }
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.audit
  user     = "deploy"
}
