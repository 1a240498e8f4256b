locals {
  team   = "report"
  reader = "${local.team}-reader"
  writer = "${local.team}-writer"
}

resource "aws_iam_access_key" "dashboard" {
  user = local.reader
}

resource "aws_iam_access_key" "loader" {
  user = local.writer
}
