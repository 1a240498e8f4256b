module "network" {
  source = "example-org/network/aws"
}
