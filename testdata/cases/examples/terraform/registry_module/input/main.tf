module "ci_user" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "5.39.0"

  name                          = "ci"
  create_iam_user_login_profile = false
}

resource "aws_iam_access_key" "ci" {
  user = module.ci_user.iam_user_name
}

resource "github_actions_secret" "key" {
  repository      = "shop"
  secret_name     = "AWS_SECRET_ACCESS_KEY"
  plaintext_value = aws_iam_access_key.ci.secret
}
