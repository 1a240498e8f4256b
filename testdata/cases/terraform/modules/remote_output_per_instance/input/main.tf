variable "idps" {
  type = map(string)
}

module "sync_user" {
  for_each = { for name, kind in var.idps : name => kind if kind != "none" }
  source   = "./modules/okta"
  suffix   = each.key
}
