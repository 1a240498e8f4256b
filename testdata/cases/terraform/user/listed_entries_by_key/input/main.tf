variable "owners" {
  type = map(string)

  validation {
    condition     = alltrue([for owner in values(var.owners) : owner == "ci"])
    error_message = "Only ci."
  }
}

resource "aws_iam_access_key" "build" {
  count = can(var.owners["build"]) ? 1 : 0
  user  = var.owners["build"]
}

resource "aws_iam_access_key" "deploy" {
  count = can(var.owners["deploy"]) ? 1 : 0
  user  = var.owners["deploy"]
}
