# cloudposse/iam-system-user 0.20 to 0.22, and from 1.
variable "create_iam_access_key" { default = true }
resource "aws_iam_access_key" "default" {
  count = module.this.enabled && var.create_iam_access_key ? 1 : 0
  user  = aws_iam_user.default[0].name
}
