resource "aws_iam_user" "robot" {
  for_each = toset(["ci", "web"])
  name     = each.key
}

resource "aws_iam_access_key" "robot" {
  for_each = aws_iam_user.robot
  user     = each.value.name
}

module "extra" {
  source = "./extra"
  user   = aws_iam_user.robot["ci"].name
}

module "other" {
  source = "./extra"
  user   = "etl"
}
