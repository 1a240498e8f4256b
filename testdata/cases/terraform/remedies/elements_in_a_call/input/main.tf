module "team" {
  source = "./team"
  bots = {
    ci    = ["blue", "green"]
    other = ["blue"]
  }
}
