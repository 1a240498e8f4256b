module "x" {
  source = "./x"
}

module "y" {
  source = "./x"
}
