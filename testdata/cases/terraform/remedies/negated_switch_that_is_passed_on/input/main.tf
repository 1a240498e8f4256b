variable "frozen" {
  default = false
}

module "a" {
  source = "./m"
  user   = "ann"
  rotate = !var.frozen
}

module "b" {
  source  = "./m"
  user    = "bob"
  primary = false
  rotate  = !var.frozen
}
