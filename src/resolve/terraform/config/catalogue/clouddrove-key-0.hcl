# clouddrove/iam-user up to 1.3.0.
resource "aws_iam_access_key" "default" {
  count  = var.enabled ? 1 : 0
  user   = aws_iam_user.default[0].name
  status = var.status
}
