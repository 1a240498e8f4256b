variable "env" {
  type = string
}

resource "aws_iam_access_key" "current" {
  user = "ci"
}

resource "aws_iam_access_key" "next" {
  count = var.env == "prod" ? 1 : 0
  user  = "ci"
}

resource "aws_iam_access_key" "other" {
  user = "other"
}
