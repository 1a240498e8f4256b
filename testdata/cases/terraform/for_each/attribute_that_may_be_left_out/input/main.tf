variable "team" {
  type = any
}

resource "aws_iam_access_key" "old" {
  user = try(var.team.bot, "nobody")
}

resource "aws_iam_access_key" "new" {
  user = "nobody"
}
