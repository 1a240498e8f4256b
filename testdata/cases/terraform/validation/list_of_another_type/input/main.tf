variable "robots" {
  type = set(string)
}

resource "aws_iam_access_key" "blue" {
  for_each = var.robots
  user     = each.key
}

resource "aws_iam_access_key" "green" {
  for_each = var.robots
  user     = each.key
}
