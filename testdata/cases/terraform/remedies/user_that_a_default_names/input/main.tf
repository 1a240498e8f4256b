module "blue" {
  source = "./key"
}

module "green" {
  source = "./key"
  name   = "ci"
}
