variable "team" {
  type = string
}

resource "aws_iam_access_key" "first" {
  user = "deploy ${var.team}"
}

resource "aws_iam_access_key" "second" {
  user = "deploy ${var.team}"
}
