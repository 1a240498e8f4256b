variable "robots" {
  default = {
    ci  = { keys = 2 }
    web = { keys = 1 }
  }
}

module "robot" {
  source   = "./robot"
  for_each = var.robots

  name = each.key
  keys = each.value.keys
}
