module "bot" {
  source = "./bot"
  user   = "bot"
  keys   = 2
}

module "other" {
  source = "./bot"
  user   = "other"
}
