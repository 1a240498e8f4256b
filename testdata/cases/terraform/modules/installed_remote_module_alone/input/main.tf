module "robot" {
  source = "git::https://git.example.com/platform/robot.git?ref=v3"
  login  = "robot"
}
