module "ci" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "~> 6.0"
  name    = "ci"
}

module "also" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "~> 6.0"
  name    = "ci"
}
