# cloudposse/iam-s3-user 0.x over iam-system-user 0.22.5.
module "s3_user" {
  source  = "cloudposse/iam-system-user/aws"
  version = "0.22.5"
  context = module.this.context
}
