# cloudposse/iam-system-user before 0.20: no switch of its own.
resource "aws_iam_access_key" "default" {
  count = module.this.enabled ? 1 : 0
  user  = aws_iam_user.default[0].name
}
