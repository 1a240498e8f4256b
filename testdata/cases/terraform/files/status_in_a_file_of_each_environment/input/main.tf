variable "env" {
  type = string
}

resource "aws_iam_access_key" "first" {
  user = "deploy"
}

resource "aws_iam_access_key" "second" {
  user   = "deploy"
  status = yamldecode(file("${path.module}/settings/${var.env}.yaml")).status
}
