# What terraform-aws-modules/iam//modules/iam-user takes and gives before 6.
variable "create_user" { default = true }
variable "create_iam_access_key" { default = true }
variable "name" {}
output "iam_user_name" { value = try(aws_iam_user.this[0].name, "") }
output "iam_user_arn" { value = try(aws_iam_user.this[0].arn, "") }
output "iam_user_unique_id" { value = try(aws_iam_user.this[0].unique_id, "") }
output "this_iam_user_name" { value = try(aws_iam_user.this[0].name, "") }
output "this_iam_user_arn" { value = try(aws_iam_user.this[0].arn, "") }
output "this_iam_user_unique_id" { value = try(aws_iam_user.this[0].unique_id, "") }
