module "ci" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "~> 11.0"
  name    = "ci"
}

resource "aws_iam_access_key" "second" {
  user = module.ci.name
}
