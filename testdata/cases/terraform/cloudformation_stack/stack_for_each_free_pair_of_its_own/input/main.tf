variable "teams" {
  type = set(string)
}

variable "users" {
  type = set(string)
}

module "team" {
  source   = "./team"
  for_each = var.teams
  team     = each.key
  users    = var.users
}
