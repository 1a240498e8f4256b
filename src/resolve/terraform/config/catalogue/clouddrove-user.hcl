# clouddrove/iam-user: its name is its label's.
variable "name" { default = "" }
variable "environment" { default = "" }
variable "label_order" { default = [] }
variable "attributes" { default = [] }
variable "enabled" { default = true }
variable "status" { default = "Active" }
locals {
  labels = { name = var.name, environment = var.environment }
  order  = length(var.label_order) > 0 ? var.label_order : ["environment", "name"]
  id     = lower(join("-", [for l in local.order : local.labels[l] if local.labels[l] != ""], var.attributes))
}
resource "aws_iam_user" "default" {
  count = var.enabled ? 1 : 0
  name  = known_or_symbol([local.labels, var.label_order, var.attributes], local.id)
}
output "arn" { value = join("", aws_iam_user.default.*.arn) }
output "unique_id" { value = join("", aws_iam_user.default.*.unique_id) }
