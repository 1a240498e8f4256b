module "keys" {
  source = "./keys"
  robot  = "svc-backup"
}
