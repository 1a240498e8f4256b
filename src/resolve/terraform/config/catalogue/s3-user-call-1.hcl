# cloudposse/iam-s3-user from 1.
variable "create_iam_access_key" { default = true }
module "s3_user" {
  source                = "cloudposse/iam-system-user/aws"
  version               = "1.2.1"
  create_iam_access_key = var.create_iam_access_key
  context               = module.this.context
}
