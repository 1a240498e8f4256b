variable "stage" {
  type = string
}

resource "aws_iam_access_key" "current" {
  user = "ci"
}

resource "aws_iam_access_key" "next" {
  for_each = var.stage != "live" ? toset([]) : toset(["next"])
  user     = "ci"
}

resource "aws_iam_access_key" "other" {
  user = "other"
}
