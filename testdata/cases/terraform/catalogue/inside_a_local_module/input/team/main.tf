variable "name" {
  type = string
}

module "robot" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "~> 5.30"
  name    = "${var.name}-robot"
}

output "robot" {
  value = module.robot.iam_user_name
}
