variable "features" {
  type = map(bool)

  validation {
    condition     = length(var.features) <= 3
    error_message = "At most 3."
  }
}

locals {
  all = alltrue([for name in ["sync", "mail", "export", "audit"] : lookup(var.features, name, false)])
}

resource "aws_iam_access_key" "deploy" {
  count = local.all ? 2 : 1
  user  = "deploy"
}
