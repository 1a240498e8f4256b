module "bot" {
  source   = "./bot"
  for_each = toset(["blue", "green"])
  keys     = 2
}
