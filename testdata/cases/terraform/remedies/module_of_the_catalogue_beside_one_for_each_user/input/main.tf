module "a" {
  source   = "terraform-aws-modules/iam/aws//modules/iam-user"
  version  = "5.30.0"
  for_each = toset(["ci", "cd"])
  name     = each.key
}
module "b" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "5.30.0"
  name    = "ci"
}
