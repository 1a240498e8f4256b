module "robot" {
  source     = "cloudposse/iam-system-user/aws"
  version    = "1.2.1"
  namespace  = "eg"
  stage      = "dev"
  name       = "Robot One"
  attributes = ["ci"]
}

resource "aws_iam_access_key" "second" {
  user = "eg-prod-robotone-ci"
}
