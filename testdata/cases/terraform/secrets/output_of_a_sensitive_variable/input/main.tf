module "names" {
  source = "./names"
}

resource "aws_iam_access_key" "each" {
  for_each = module.names.by_slot
  user     = each.value
}
