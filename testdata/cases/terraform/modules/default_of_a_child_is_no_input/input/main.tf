module "invoices" {
  source = "./modules/service-user"
  name   = "invoices"
}
