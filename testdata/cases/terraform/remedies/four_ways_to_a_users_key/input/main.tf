resource "aws_iam_access_key" "rows" {
  for_each = { for r in csvdecode(file("keys.csv")) : r.id => r }
  user     = each.value.user
}
module "robots" {
  source   = "terraform-aws-modules/iam/aws//modules/iam-user"
  version  = "5.30.0"
  for_each = toset(["ann", "bob"])
  name     = each.key
}
variable "spare" {
  default = true
}
resource "aws_iam_access_key" "spare" {
  count = var.spare ? 1 : 0
  user  = "ann"
}
module "host" {
  source = "./host"
  user   = "ann"
}
