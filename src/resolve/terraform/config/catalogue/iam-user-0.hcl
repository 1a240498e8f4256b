# terraform-aws-modules/iam//modules/iam-user before 0.2: one key block.
resource "aws_iam_user" "this" {
  count = var.create_user ? 1 : 0
  name  = var.name
}
resource "aws_iam_access_key" "this" {
  count = var.create_user && var.create_iam_access_key ? 1 : 0
  user  = aws_iam_user.this[0].name
}
