module "keys" {
  source = "./keys"
  count  = "many"
}
