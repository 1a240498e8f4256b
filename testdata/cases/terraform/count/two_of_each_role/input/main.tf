variable "people" {
  type = list(object({
    name = string
    role = string
  }))
}

locals {
  writers = [for person in var.people : person if person.role == "writer"]
  readers = [for person in var.people : person if person.role == "reader"]
}

resource "aws_iam_access_key" "shared" {
  count = length(local.writers) > 1 && length(local.readers) > 1 ? 2 : 1
  user  = "shared"
}
