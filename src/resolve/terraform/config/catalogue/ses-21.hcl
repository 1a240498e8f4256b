# cloudposse/ses from 0.21; 0.21 itself does not pass the age on, whose default is the same.
variable "ses_user_enabled" { default = true }
variable "iam_access_key_max_age" { default = 2592000 }
module "ses_user" {
  source                 = "cloudposse/iam-system-user/aws"
  version                = "0.23.2"
  enabled                = module.this.enabled && var.ses_user_enabled
  iam_access_key_max_age = var.iam_access_key_max_age
  context                = module.this.context
}
