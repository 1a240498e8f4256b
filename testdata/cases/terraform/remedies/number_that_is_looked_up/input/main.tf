locals {
  robots = yamldecode(file("${path.module}/robots.yaml"))
}

module "robot" {
  source   = "./robot"
  for_each = local.robots

  user = each.key
  keys = lookup(each.value, "keys", 1)
}
