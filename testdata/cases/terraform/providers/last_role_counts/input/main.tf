provider "aws" {
  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/hub"
  }

  assume_role {
    role_arn = "arn:aws:iam::210987654321:role/terraform"
  }
}

provider "aws" {
  alias = "direct"

  assume_role {
    role_arn = "arn:aws:iam::210987654321:role/breakglass"
  }
}

resource "aws_iam_access_key" "here" {
  user = "deploy"
}

resource "aws_iam_access_key" "there" {
  provider = aws.direct
  user     = "deploy"
}
