module "keys" {
  source = "./keys"
  robot  = "backup"
}
