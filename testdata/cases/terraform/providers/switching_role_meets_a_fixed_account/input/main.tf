variable "prod" {
  type = bool
}

provider "aws" {
  assume_role {
    role_arn = var.prod ? "arn:aws:iam::210987654321:role/terraform" : "arn:aws:iam::345678901234:role/terraform"
  }
}

provider "aws" {
  alias = "live"

  assume_role {
    role_arn = "arn:aws:iam::210987654321:role/terraform"
  }
}

resource "aws_iam_access_key" "switching" {
  user = "deploy"
}

resource "aws_iam_access_key" "live" {
  provider = aws.live
  user     = "deploy"
}
