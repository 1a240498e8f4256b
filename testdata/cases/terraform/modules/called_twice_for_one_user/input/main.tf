resource "aws_iam_user" "ci" {
  name = "ci"
}

module "build_key" {
  source    = "./modules/access-key"
  user_name = aws_iam_user.ci.name
}

module "release_key" {
  source    = "./modules/access-key"
  user_name = aws_iam_user.ci.name
}
