variable "stage" {
  type = string
}

module "label" {
  source    = "cloudposse/label/null"
  version   = "0.25.0"
  namespace = "eg"
  stage     = var.stage
  name      = "robot"
}

module "robot" {
  source  = "cloudposse/iam-system-user/aws"
  version = "~> 1.0"
  context = module.label.context
}

resource "aws_iam_access_key" "second" {
  user = module.robot.user_name
}
