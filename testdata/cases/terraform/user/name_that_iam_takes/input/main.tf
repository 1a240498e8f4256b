variable "owner" {
  type = string
  validation {
    condition     = contains(["ci bot", "ci-bot"], var.owner)
    error_message = "One of our bots."
  }
}

variable "shared" {
  type = bool
  validation {
    condition     = var.shared
    error_message = "Bots are shared."
  }
}

variable "stage" {
  type = string
}

locals {
  accounts = { prod = "reporter", test = "" }
}

resource "aws_iam_access_key" "owner" {
  count = 2
  user  = var.owner
}

resource "aws_iam_access_key" "shared" {
  count = 2
  user  = "bot-${var.shared}"
}

resource "aws_iam_access_key" "reporter" {
  count = 2
  user  = local.accounts[var.stage]
}
