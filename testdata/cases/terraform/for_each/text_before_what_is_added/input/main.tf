variable "people" {
  type = set(string)
}

resource "aws_iam_access_key" "each" {
  for_each = var.people
  user     = "${each.key}-ci"
}
