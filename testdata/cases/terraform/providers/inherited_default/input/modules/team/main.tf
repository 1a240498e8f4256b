module "key" {
  source = "../key"
}
