variable "people" {
  type = set(string)
}

variable "laptops" {
  type = set(string)
}

module "person" {
  source   = "./person"
  for_each = var.people
  name     = each.key
  laptops  = var.laptops
}
