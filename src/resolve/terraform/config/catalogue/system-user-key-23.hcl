# cloudposse/iam-system-user 0.23: an expiring key unless its age is 0.
variable "create_iam_access_key" { default = true }
variable "iam_access_key_max_age" { default = 2592000 }
resource "aws_iam_access_key" "default" {
  count = module.this.enabled && var.create_iam_access_key && var.iam_access_key_max_age == 0 ? 1 : 0
  user  = aws_iam_user.default[0].name
}
resource "awsutils_expiring_iam_access_key" "default" {
  count = module.this.enabled && var.create_iam_access_key && var.iam_access_key_max_age > 0 ? 1 : 0
  user  = aws_iam_user.default[0].name
}
