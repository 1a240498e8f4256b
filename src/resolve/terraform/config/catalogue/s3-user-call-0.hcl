# cloudposse/iam-s3-user 0.x over iam-system-user 0.19.0.
module "s3_user" {
  source  = "cloudposse/iam-system-user/aws"
  version = "0.19.0"
  context = module.this.context
}
