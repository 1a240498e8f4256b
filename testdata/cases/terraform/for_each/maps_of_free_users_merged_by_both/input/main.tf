variable "people" {
  type = map(object({ laptops = set(string) }))
}

locals {
  keys = merge([
    for person, settings in var.people : {
      for laptop in settings.laptops : "${person}/${laptop}" => { person = person, laptop = laptop }
    }
  ]...)
}

resource "aws_iam_access_key" "laptop" {
  for_each = local.keys
  user     = "${each.value.person}-${each.value.laptop}"
}
