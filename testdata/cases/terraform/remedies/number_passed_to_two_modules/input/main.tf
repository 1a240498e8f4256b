variable "instances" {
  type    = number
  default = 2
}

module "ci" {
  source = "./keys"
  keys   = var.instances
}

module "runners" {
  source = "./keys"
  keys   = var.instances
  each   = true
}
