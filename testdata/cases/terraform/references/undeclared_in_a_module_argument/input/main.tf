module "ci" {
  source = "./ci"
  name   = try(local.name, "deploy")
}
