module "users" {
  source   = "terraform-aws-modules/iam/aws//wrappers/iam-user"
  version  = "~> 6.0"
  defaults = { create_access_key = true }
  items = {
    build  = { name = "build" }
    deploy = { name = "deploy", create_access_key = false }
  }
}

resource "aws_iam_access_key" "build" {
  user = module.users.wrapper["build"].name
}

resource "aws_iam_access_key" "deploy" {
  user = module.users.wrapper["deploy"].name
}
