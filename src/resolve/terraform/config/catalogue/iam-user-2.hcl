# terraform-aws-modules/iam//modules/iam-user 0.2 to 5: with and without a PGP key, of which one exists.
variable "iam_access_key_status" { default = null }
variable "pgp_key" { default = "" }
resource "aws_iam_user" "this" {
  count = var.create_user ? 1 : 0
  name  = var.name
}
resource "aws_iam_access_key" "this" {
  count  = var.create_user && var.create_iam_access_key && var.pgp_key != "" ? 1 : 0
  user   = aws_iam_user.this[0].name
  status = var.iam_access_key_status
}
resource "aws_iam_access_key" "this_no_pgp" {
  count  = var.create_user && var.create_iam_access_key && var.pgp_key == "" ? 1 : 0
  user   = aws_iam_user.this[0].name
  status = var.iam_access_key_status
}
