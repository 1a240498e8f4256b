module "argument" {
  source = "./keys"
  user   = "mail"
  keys   = 2
}

module "block" {
  source = "./keys"
  user {
    name = "web"
  }
}

module "provider" {
  source = "./own"
  count  = 1
}
