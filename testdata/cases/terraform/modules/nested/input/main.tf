locals {
  team = "payments"
}

module "team" {
  source = "./modules/team"
  robot  = "${local.team}-robot"
}
