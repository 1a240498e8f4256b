module "ci" {
  source = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-user?ref=v5.30.0"
  name   = "ci"
}

resource "aws_iam_access_key" "second" {
  user = module.ci.iam_user_name
}
