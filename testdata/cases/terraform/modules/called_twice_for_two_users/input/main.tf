resource "aws_iam_user" "build" {
  name = "ci-build"
}

resource "aws_iam_user" "release" {
  name = "ci-release"
}

module "build_key" {
  source    = "./modules/access-key"
  user_name = aws_iam_user.build.name
}

module "release_key" {
  source    = "./modules/access-key"
  user_name = aws_iam_user.release.name
}
