terraform {
  required_providers {
    amazon = {
      source = "registry.terraform.io/hashicorp/aws"
    }
  }
}

provider "amazon" {
  allowed_account_ids = ["210987654321"]
}

resource "aws_iam_access_key" "here" {
  provider = amazon
  user     = "deploy"
}

module "ci" {
  source = "./modules/ci"
}
