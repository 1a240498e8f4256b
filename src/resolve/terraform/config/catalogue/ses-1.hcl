# cloudposse/ses before 0.15: the user has no switch of its own.
module "ses_user" {
  source  = "cloudposse/iam-system-user/aws"
  version = "0.20.2"
  context = module.this.context
}
