# cloudposse/ses 0.15: the user's switch replaces the module's.
variable "ses_user_enabled" { default = true }
module "ses_user" {
  source  = "cloudposse/iam-system-user/aws"
  version = "0.20.2"
  enabled = var.ses_user_enabled
  context = module.this.context
}
