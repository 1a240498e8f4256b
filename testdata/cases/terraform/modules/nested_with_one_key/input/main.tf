module "team" {
  source = "./modules/team"
  robot  = "payments-robot"
}
