module "ci" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  name    = "ci"
  create_access_key = false
}

resource "aws_iam_access_key" "second" {
  user = module.ci.name
}
