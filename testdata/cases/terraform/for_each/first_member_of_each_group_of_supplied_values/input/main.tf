variable "blue" {
  type = string
}

variable "green" {
  type = string
}

locals {
  owners   = { blue = var.blue, green = var.green }
  machines = { for machine, user in local.owners : user => machine... }
  keys = flatten([
    for user, machines in local.machines : [for machine in slice(machines, 0, 1) : { user = user, machine = machine }]
  ])
}

resource "aws_iam_access_key" "machine" {
  for_each = { for key in local.keys : key.machine => key.user }

  user = each.value
}
