# cloudposse/s3-bucket before 3 over iam-s3-user 0.15.10.
variable "user_enabled" { default = false }
module "s3_user" {
  source  = "cloudposse/iam-s3-user/aws"
  version = "0.15.10"
  enabled = module.this.enabled && var.user_enabled
  context = module.this.context
}
