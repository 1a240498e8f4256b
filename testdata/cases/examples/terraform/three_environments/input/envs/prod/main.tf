terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "prod/deployer.tfstate"
    region = "eu-west-1"
  }
}

provider "aws" {
  region = "eu-west-1"
}

module "deployer" {
  source = "../../modules/deployer"

  name = "deployer-prod"
  keys = 2
}
