module "ci" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "~> 6.0"
  name    = "ci"
}

resource "aws_iam_access_key" "extra" {
  user = "ci"
}

module "other" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "~> 6.0"
  name    = "other"
}
