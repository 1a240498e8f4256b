variable "roles" {
  type = map(string)
}

resource "aws_iam_access_key" "each" {
  for_each = var.roles
  user     = each.value == "admin" ? "root" : each.key
}
