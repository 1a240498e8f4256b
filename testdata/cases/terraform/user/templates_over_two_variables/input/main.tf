variable "environment" {
  type = string
}

variable "region_name" {
  type = string
}

resource "aws_iam_access_key" "build" {
  user = "ci-${var.environment}"
}

resource "aws_iam_access_key" "mirror" {
  user = "ci-${var.region_name}"
}
