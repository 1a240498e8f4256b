module "bot" {
  source  = "acme/bot/aws"
  version = "1.0.0"
  user    = "ci"
}
