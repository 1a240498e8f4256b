variable "users" {
  type    = set(string)
  default = ["reader", "writer"]
}

resource "aws_iam_user" "this" {
  for_each = var.users

  name = each.key
}

resource "aws_iam_access_key" "this" {
  for_each = var.users

  user       = each.key
  depends_on = [aws_iam_user.this]
}
