variable "region" {
  type = string
  validation {
    condition     = contains(["eu", "us"], var.region)
    error_message = "Unknown region."
  }
}

locals {
  ranked = [for i, name in tolist(toset([var.region, "fr"])) : "${name}-${i}"]
}

resource "aws_iam_access_key" "build" {
  user = local.ranked[0]
}

resource "aws_iam_access_key" "deploy" {
  user = "eu-1"
}
