variable "owners" {
  description = "machine => the user that runs on it"
  type        = map(string)
}

locals {
  machines = { for machine, user in var.owners : user => machine... }
}

resource "aws_iam_access_key" "user" {
  for_each = local.machines

  user = each.key
}
