# cloudposse/iam-system-user: the user.
resource "aws_iam_user" "default" {
  count = module.this.enabled ? 1 : 0
  name  = module.this.id
}
output "user_name" { value = join("", aws_iam_user.default.*.name) }
output "user_arn" { value = join("", aws_iam_user.default.*.arn) }
output "user_unique_id" { value = join("", aws_iam_user.default.*.unique_id) }
