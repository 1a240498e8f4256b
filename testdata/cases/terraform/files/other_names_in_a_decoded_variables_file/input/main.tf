terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

locals {
  staff = provider::terraform::decode_tfvars(file("${path.module}/staff.tfvars"))
}

resource "aws_iam_access_key" "a" {
  user = local.staff.lead
}

resource "aws_iam_access_key" "b" {
  user = local.staff.deputy
}
