# A deployment of its own: its users of the same names are other users, with a key each.
module "mailer" {
  source = "../modules/service-user"
  name   = "acme-live-mailer"
}

module "deploy" {
  source = "../modules/service-user"
  name   = "acme-live-deploy"
}
