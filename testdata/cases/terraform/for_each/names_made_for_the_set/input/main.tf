variable "people" {
  type = list(string)
}

resource "aws_iam_access_key" "each" {
  for_each = toset([for person in var.people : lower(trimspace(person))])
  user     = "ci-${each.key}"
}
