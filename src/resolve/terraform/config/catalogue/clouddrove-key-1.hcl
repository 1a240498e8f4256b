# clouddrove/iam-user from 1.3.1.
variable "create_access_key" { default = true }
resource "aws_iam_access_key" "default" {
  count  = var.enabled && var.create_access_key ? 1 : 0
  user   = aws_iam_user.default[0].name
  status = var.status
}
