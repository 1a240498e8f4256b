module "outer" {
  source = "./outer"
  inner  = "../keys"
}
