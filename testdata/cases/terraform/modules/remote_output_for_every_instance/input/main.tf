variable "idps" {
  type = map(string)
}

module "label" {
  source     = "example-org/label/null"
  attributes = ["sync"]
}

module "sync_key" {
  for_each  = var.idps
  source    = "./modules/okta"
  user_name = module.label.id
}
