variable "team" {
  type = string
}

locals {
  teams  = { ledger = "core", audit = var.team }
  people = { for name, team in local.teams : team => name... }
}

resource "aws_iam_access_key" "first" {
  user = local.people["core"][0]
}

resource "aws_iam_access_key" "second" {
  user = "report"
}
