variable "people" {
  type = map(object({
    status = optional(string)
  }))
}

resource "aws_iam_access_key" "first" {
  for_each = { for name, person in var.people : name => person if person.status == null }
  user     = each.key
}

resource "aws_iam_access_key" "second" {
  for_each = { for name, person in var.people : name => person if person.status != null }
  user     = each.key
}
