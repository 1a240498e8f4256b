module "robot" {
  source = "./${"keys"}"
  robot  = "backup"
}
