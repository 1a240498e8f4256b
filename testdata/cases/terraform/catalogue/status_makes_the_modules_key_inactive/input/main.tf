module "ci" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "5.30.0"
  name    = "ci"
  iam_access_key_status = "Inactive"
}

resource "aws_iam_access_key" "second" {
  user = module.ci.iam_user_name
}
