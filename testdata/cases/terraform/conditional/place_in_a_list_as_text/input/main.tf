variable "team" {
  type = string
}

variable "renamed" {
  type = bool
}

locals {
  places = { for place, name in values(merge([for n in toset([var.team, "ci"]) : { (n) = n }]...)) : name => place }
  # Of one type with a text, the places are texts.
  labels = var.renamed ? { ci = "first", (var.team) = "second" } : local.places
}

resource "aws_iam_access_key" "one" {
  user = "deploy"
}

resource "aws_iam_access_key" "two" {
  count = var.team == "dev" && lookup(local.labels, "ci", "") == "0" ? 1 : 0
  user  = "deploy"
}
