module "people" {
  source   = "./people"
  for_each = toset(jsondecode(file("${path.module}/people.json")))
  name     = each.key
  keys     = false
}
