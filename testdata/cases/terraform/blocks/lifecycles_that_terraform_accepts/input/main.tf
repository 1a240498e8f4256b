terraform {
  required_providers {
    aws = { version = ">= 5", "source" = "hashicorp/aws" }
  }
}

variable "stage" {
  type    = string
  default = "live"
}

locals {
  team = "ops"
}

module "m" {
  source = "./m"
}

data "aws_iam_user" "ops" {
  user_name = "ops"
}

resource "example_rule" "r" {
  dynamic "condition" {
    for_each = ["a"]
    iterator = it
    labels   = [it.value]
    content {
      values = [it.value]
    }
  }
}

resource "aws_iam_access_key" "a" {
  user       = "deploy"
  depends_on = [data.aws_iam_user.ops, module.m, module.m.out, var.stage, local.team, resource.example_rule.r]

  connection {
    host = "example.com"
  }

  provisioner "local-exec" {
    command = "echo ${aws_iam_access_key.a.id} ${self.user}"
  }

  lifecycle {
    create_before_destroy = !true
    ignore_changes        = all
  }
}

resource "aws_iam_access_key" "b" {
  user = "deploy"

  lifecycle {
    prevent_destroy = "true"
    postcondition {
      condition     = self.user == "deploy" && aws_iam_access_key.a.user == "deploy"
      error_message = "Not ours."
    }
  }
}
