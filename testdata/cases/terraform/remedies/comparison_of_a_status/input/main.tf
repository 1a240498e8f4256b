variable "env" {
  type = string
}

locals {
  rotating = ["prod", "live"]
}

resource "aws_iam_access_key" "current" {
  user = "ci"
}

resource "aws_iam_access_key" "next" {
  user   = "ci"
  status = contains(local.rotating, var.env) ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "other" {
  user = "other"
}
