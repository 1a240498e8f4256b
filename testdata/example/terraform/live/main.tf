locals {
  prefix = "acme-${var.environment}"
}

# One user, one key.
module "mailer" {
  source = "../modules/service-user"
  name   = "${local.prefix}-mailer"
}

# terraform.tfvars asks for two keys.
module "deploy" {
  source = "../modules/service-user"
  name   = "${local.prefix}-deploy"
  keys   = var.deploy_keys
}

# The user of the module above, under the name that was typed here.
resource "aws_iam_access_key" "mailer_from_the_old_host" {
  count = var.old_host ? 1 : 0
  user  = format("acme-%s-mailer", var.environment)
}
