variable "environment" {
  type        = string
  description = "Where this is deployed"
}

resource "aws_iam_user" "ci" {
  name = "ci-${var.environment}"
}

resource "aws_iam_access_key" "build" {
  user = aws_iam_user.ci.name
}

resource "aws_iam_access_key" "release" {
  user = format("ci-%s", var.environment)
}
