variable "extra" {
  type = map(string)
}

variable "first" {
  type = string
}

variable "second" {
  type = string
}

locals {
  roles = merge({
    team-number-00 = "arn:aws:iam::aws:role/of-team-number-00"
    team-number-01 = "arn:aws:iam::aws:role/of-team-number-01"
    team-number-02 = "arn:aws:iam::aws:role/of-team-number-02"
    team-number-03 = "arn:aws:iam::aws:role/of-team-number-03"
    team-number-04 = "arn:aws:iam::aws:role/of-team-number-04"
    team-number-05 = "arn:aws:iam::aws:role/of-team-number-05"
    team-number-06 = "arn:aws:iam::aws:role/of-team-number-06"
    team-number-07 = "arn:aws:iam::aws:role/of-team-number-07"
    team-number-08 = "arn:aws:iam::aws:role/of-team-number-08"
    team-number-09 = "arn:aws:iam::aws:role/of-team-number-09"
    team-number-10 = "arn:aws:iam::aws:role/of-team-number-10"
    team-number-11 = "arn:aws:iam::aws:role/of-team-number-11"
    team-number-12 = "arn:aws:iam::aws:role/of-team-number-12"
    team-number-13 = "arn:aws:iam::aws:role/of-team-number-13"
    team-number-14 = "arn:aws:iam::aws:role/of-team-number-14"
    team-number-15 = "arn:aws:iam::aws:role/of-team-number-15"
    team-number-16 = "arn:aws:iam::aws:role/of-team-number-16"
    team-number-17 = "arn:aws:iam::aws:role/of-team-number-17"
    team-number-18 = "arn:aws:iam::aws:role/of-team-number-18"
    team-number-19 = "arn:aws:iam::aws:role/of-team-number-19"
  }, var.extra)
}

provider "aws" {
  alias = "first"
  assume_role {
    role_arn = local.roles[var.first]
  }
}

provider "aws" {
  alias = "second"
  assume_role {
    role_arn = local.roles[var.second]
  }
}

resource "aws_iam_access_key" "first_old" {
  user = "ci"
  provider = aws.first
}

resource "aws_iam_access_key" "first_new" {
  user = "ci"
  provider = aws.first
}

resource "aws_iam_access_key" "second_old" {
  user = "ci"
  provider = aws.second
}

resource "aws_iam_access_key" "second_new" {
  user = "ci"
  provider = aws.second
}
