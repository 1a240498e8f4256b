locals {
  people = yamldecode(file("${path.module}/people.yaml")).people
}
resource "aws_iam_access_key" "k" {
  for_each = local.people
  user     = each.value
}
