locals {
  colours = ["blue", "green"]
}

resource "aws_iam_access_key" "bot" {
  for_each = toset(local.colours)
  user     = "bot-${length(local.colours)}"
}

resource "aws_iam_access_key" "other" {
  user = "bot-1"
}
