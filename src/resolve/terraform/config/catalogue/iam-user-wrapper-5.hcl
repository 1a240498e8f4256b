# terraform-aws-modules/iam//wrappers/iam-user before 6.
variable "defaults" { default = {} }
variable "items" { default = {} }
module "wrapper" {
  source                = "terraform-aws-modules/iam/aws//modules/iam-user"
  version               = "~> 5.9"
  for_each              = var.items
  create_user           = try(each.value.create_user, var.defaults.create_user, true)
  create_iam_access_key = try(each.value.create_iam_access_key, var.defaults.create_iam_access_key, true)
  iam_access_key_status = try(each.value.iam_access_key_status, var.defaults.iam_access_key_status, null)
  pgp_key               = try(each.value.pgp_key, var.defaults.pgp_key, "")
  name                  = try(each.value.name, var.defaults.name)
}
output "wrapper" { value = module.wrapper }
