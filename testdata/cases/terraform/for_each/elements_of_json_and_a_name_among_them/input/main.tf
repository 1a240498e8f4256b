variable "users" {
  type = string
}

resource "aws_iam_access_key" "each" {
  for_each = toset(jsondecode(var.users))
  user     = each.key
}

resource "aws_iam_access_key" "deploy" {
  count = contains(jsondecode(var.users), "deploy") ? 1 : 0
  user  = "deploy"
}
