module "prod" {
  source = "./bot"
  user   = "ci"
  env    = "prod"
}

module "dev" {
  source = "./bot"
  user   = "ci-dev"
  env    = "dev"
}
