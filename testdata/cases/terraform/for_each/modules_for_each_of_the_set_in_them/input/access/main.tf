variable "team" {
  type = string
}

variable "teams" {
  type = set(string)
}

resource "aws_iam_access_key" "reads" {
  for_each = var.teams
  user     = each.key
}
