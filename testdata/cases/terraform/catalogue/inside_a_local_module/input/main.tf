module "team" {
  source   = "./team"
  for_each = toset(["red", "blue"])
  name     = each.key
}

resource "aws_iam_access_key" "red" {
  user = module.team["red"].robot
}
