variable "owner" {
  type = string
}

variable "deputy" {
  type = string
}

module "key" {
  source   = "./key"
  for_each = toset([var.owner, var.deputy])
  user     = each.key
}
