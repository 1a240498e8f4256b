module "ci" {
  source = "./ci"
}

module "each" {
  source   = "./ci"
  for_each = toset(["a"])
}

resource "aws_iam_access_key" "a" {
  user = module.ci.token
}

resource "aws_iam_access_key" "b" {
  user = module.each["a"].token
}
