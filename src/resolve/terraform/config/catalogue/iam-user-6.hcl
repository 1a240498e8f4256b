# terraform-aws-modules/iam//modules/iam-user from 6.
variable "create" { default = true }
variable "create_access_key" { default = true }
variable "name" { default = "" }
variable "access_key_status" { default = null }
resource "aws_iam_user" "this" {
  count = var.create ? 1 : 0
  name  = var.name
}
resource "aws_iam_access_key" "this" {
  count  = var.create && var.create_access_key ? 1 : 0
  user   = aws_iam_user.this[0].name
  status = var.access_key_status
}
output "name" { value = try(aws_iam_user.this[0].name, null) }
output "arn" { value = try(aws_iam_user.this[0].arn, null) }
output "unique_id" { value = try(aws_iam_user.this[0].unique_id, null) }
