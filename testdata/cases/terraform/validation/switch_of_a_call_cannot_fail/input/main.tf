variable "rotate" {
  type = bool
}

module "keys" {
  source = "./keys"
  keys   = var.rotate ? 2 : 1
}
