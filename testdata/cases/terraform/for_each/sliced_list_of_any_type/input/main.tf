variable "teams" {
  type = any
}

resource "aws_iam_access_key" "old" {
  for_each = toset(flatten([for team in var.teams : team.members]))
  user     = each.key
}

resource "aws_iam_access_key" "new" {
  for_each = toset(concat(["admin"], var.teams[*].members...))
  user     = each.key
}
