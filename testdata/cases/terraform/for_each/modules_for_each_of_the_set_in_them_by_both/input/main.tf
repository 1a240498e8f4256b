variable "teams" {
  type = set(string)
}

module "access" {
  for_each = var.teams
  source   = "./access"
  team     = each.key
  teams    = var.teams
}
