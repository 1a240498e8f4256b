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
  users = merge({
    team-number-00 = "deploy-user-of-team-number-00"
    team-number-01 = "deploy-user-of-team-number-01"
    team-number-02 = "deploy-user-of-team-number-02"
    team-number-03 = "deploy-user-of-team-number-03"
    team-number-04 = "deploy-user-of-team-number-04"
    team-number-05 = "deploy-user-of-team-number-05"
    team-number-06 = "deploy-user-of-team-number-06"
    team-number-07 = "deploy-user-of-team-number-07"
    team-number-08 = "deploy-user-of-team-number-08"
    team-number-09 = "deploy-user-of-team-number-09"
    team-number-10 = "deploy-user-of-team-number-10"
    team-number-11 = "deploy-user-of-team-number-11"
    team-number-12 = "deploy-user-of-team-number-12"
    team-number-13 = "deploy-user-of-team-number-13"
    team-number-14 = "deploy-user-of-team-number-14"
    team-number-15 = "deploy-user-of-team-number-15"
    team-number-16 = "deploy-user-of-team-number-16"
    team-number-17 = "deploy-user-of-team-number-17"
    team-number-18 = "deploy-user-of-team-number-18"
    team-number-19 = "deploy-user-of-team-number-19"
  }, var.extra)
}

resource "aws_iam_access_key" "first" {
  user = local.users[var.first]
}

resource "aws_iam_access_key" "second" {
  user = local.users[var.second]
}
