module "login" {
  source = "./login"
}

resource "aws_iam_access_key" "k" {
  user  = module.login.name
}

resource "aws_iam_access_key" "l" {
  user  = module.login.other
}
