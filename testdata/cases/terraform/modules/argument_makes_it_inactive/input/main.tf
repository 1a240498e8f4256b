resource "aws_iam_user" "ci" {
  name = "ci"
}

module "current_key" {
  source    = "./modules/access-key"
  user_name = aws_iam_user.ci.name
}

module "previous_key" {
  source    = "./modules/access-key"
  user_name = aws_iam_user.ci.name
  status    = "Inactive"
}
