module "role" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-assumable-role"
  version = "~> 5.0"
}

resource "aws_iam_access_key" "only" {
  user = "ci"
}
