module "sensor_key" {
  source    = "./modules/access-key"
  count     = 2
  user_name = "sensor"
}
