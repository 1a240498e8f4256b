# terraform-aws-modules/iam//wrappers/iam-user from 6.
variable "defaults" { default = {} }
variable "items" { default = {} }
module "wrapper" {
  source            = "terraform-aws-modules/iam/aws//modules/iam-user"
  version           = "~> 6.0"
  for_each          = var.items
  create            = try(each.value.create, var.defaults.create, true)
  create_access_key = try(each.value.create_access_key, var.defaults.create_access_key, true)
  access_key_status = try(each.value.access_key_status, var.defaults.access_key_status, null)
  name              = try(each.value.name, var.defaults.name, "")
}
output "wrapper" { value = module.wrapper }
