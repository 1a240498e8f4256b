module "two" {
  source = "./bot"
  keys   = 2
}

module "one" {
  source = "./bot"
  keys   = 1
}
