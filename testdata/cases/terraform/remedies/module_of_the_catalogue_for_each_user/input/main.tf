module "robot" {
  source   = "terraform-aws-modules/iam/aws//modules/iam-user"
  version  = "5.30.0"
  for_each = toset(["ci", "web"])

  name = each.key
}

resource "aws_iam_access_key" "ci" {
  user = module.robot["ci"].iam_user_name
}
