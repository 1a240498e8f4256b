variable "production" {
  type = bool
}

provider "aws" {
  alias = "stage"
  assume_role {
    role_arn = var.production ? "arn:aws:iam::111111111111:role/deploy" : "arn:aws:iam::222222222222:role/deploy"
  }
}

provider "aws" {
  alias = "production"
  assume_role {
    role_arn = "arn:aws:iam::111111111111:role/deploy"
  }
}

resource "aws_iam_user" "ci" {
  provider = aws.stage
  name     = "ci"
}

resource "aws_iam_access_key" "stage" {
  provider = aws.stage
  user     = aws_iam_user.ci.name
}

resource "aws_iam_access_key" "production" {
  provider = aws.production
  user     = "ci"
}
