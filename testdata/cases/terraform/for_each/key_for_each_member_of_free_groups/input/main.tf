variable "owners" {
  description = "machine => the user that runs on it"
  type        = map(string)
}

locals {
  machines = { for machine, user in var.owners : user => machine... }
  keys = flatten([
    for user, machines in local.machines : [for machine in machines : { user = user, machine = machine }]
  ])
}

resource "aws_iam_access_key" "machine" {
  for_each = { for key in local.keys : key.machine => key }

  user = each.value.user
}
