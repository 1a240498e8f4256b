variable "people" {
  type = any
}

resource "aws_iam_access_key" "a" {
  for_each = toset(var.people[*].name)
  user     = each.value
}

resource "aws_iam_access_key" "b" {
  for_each = toset(var.people[*].alias)
  user     = each.value
}
