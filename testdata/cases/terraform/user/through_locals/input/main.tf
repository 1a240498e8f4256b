locals {
  team     = "report"
  username = "${local.team}-reader"
  reader   = aws_iam_user.reader.name
}

resource "aws_iam_user" "reader" {
  name = local.username
}

resource "aws_iam_access_key" "dashboard" {
  user = local.reader
}

resource "aws_iam_access_key" "notebook" {
  user = "${local.team}-reader"
}
