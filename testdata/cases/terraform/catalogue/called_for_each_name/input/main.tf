module "ci" {
  source   = "terraform-aws-modules/iam/aws//modules/iam-user"
  version  = "~> 6.0"
  for_each = toset(["build", "deploy"])
  name     = each.key
}
