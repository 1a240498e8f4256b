variable "slot" {
  type = string
  validation {
    condition     = contains(["backup", "standby"], var.slot)
    error_message = "Unknown slot."
  }
}

locals {
  owners = {
    primary    = "ledger"
    (var.slot) = "audit"
  }
}

resource "aws_iam_access_key" "build" {
  user = values(local.owners)[0]
}

resource "aws_iam_access_key" "deploy" {
  user = "ledger"
}
