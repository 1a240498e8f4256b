# cloudposse/ses before 0.15: the user has no switch, and its module is counted from 0.8 on.
module "ses_user" {
  count   = module.this.enabled ? 1 : 0
  source  = "cloudposse/iam-system-user/aws"
  version = "0.20.2"
  context = module.this.context
}
output "user_name" { value = join("", module.ses_user[*].user_name) }
output "user_arn" { value = join("", module.ses_user[*].user_arn) }
output "user_unique_id" { value = join("", module.ses_user[*].user_unique_id) }
