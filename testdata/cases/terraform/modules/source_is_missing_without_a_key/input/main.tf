module "robot" {
  robot = "backup"
}
