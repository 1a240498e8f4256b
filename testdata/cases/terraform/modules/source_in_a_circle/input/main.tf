module "robot" {
  source = module.robot.folder
}

resource "aws_iam_access_key" "robot" {
  count = 2
  user  = "backup"
}
