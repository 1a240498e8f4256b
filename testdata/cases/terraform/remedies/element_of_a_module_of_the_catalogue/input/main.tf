module "robots" {
  source   = "terraform-aws-modules/iam/aws//modules/iam-user"
  version  = "5.30.0"
  for_each = toset(["ann", "bob"])
  name     = each.key
}

resource "aws_iam_access_key" "spare" {
  for_each = toset(["ann", "cy"])
  user     = each.key
}
