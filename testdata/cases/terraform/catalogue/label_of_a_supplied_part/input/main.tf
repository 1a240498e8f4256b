variable "stage" {
  type    = string
  default = "prod"
}

variable "rotate" {
  type    = bool
  default = false
}

module "robot" {
  source    = "cloudposse/iam-system-user/aws"
  version   = "~> 1.2"
  namespace = "eg"
  stage     = var.stage
  name      = "robot"
}

resource "aws_iam_access_key" "second" {
  count = var.rotate ? 1 : 0
  user  = "eg-prod-robot"
}
