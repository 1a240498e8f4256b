module "robot" {
  source = "git::https://git.example.com/platform/robot.git?ref=v3"
  login  = "robot"
}

resource "aws_iam_access_key" "spare" {
  user = module.robot.login
}
