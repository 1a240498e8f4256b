module "a" {
  source = ".//ci"
}

module "b" {
  source = "./ci"
}
