module "blue" {
  source = "./key"
  user   = "ci"
}

module "green" {
  source = "./key"
  user   = "ci"
}

module "other" {
  source = "./key"
  user   = "other"
}
