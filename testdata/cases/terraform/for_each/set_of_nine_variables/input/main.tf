variable "team_1" {
  type = string
}

variable "team_2" {
  type = string
}

variable "team_3" {
  type = string
}

variable "team_4" {
  type = string
}

variable "team_5" {
  type = string
}

variable "team_6" {
  type = string
}

variable "team_7" {
  type = string
}

variable "team_8" {
  type = string
}

variable "team_9" {
  type = string
}

resource "aws_iam_access_key" "team" {
  for_each = toset([
    var.team_1,
    var.team_2,
    var.team_3,
    var.team_4,
    var.team_5,
    var.team_6,
    var.team_7,
    var.team_8,
    var.team_9,
  ])
  user = each.value
}
