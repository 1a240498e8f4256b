variable "team" {
  type = any
}

resource "aws_iam_access_key" "old" {
  user = var.team.bot
}

resource "aws_iam_access_key" "new" {
  user = lookup(var.team, "bot", "nobody")
}
