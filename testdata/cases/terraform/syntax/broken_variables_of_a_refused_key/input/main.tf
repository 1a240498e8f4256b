resource "aws_iam_access_key" "robot" {
  for_each = var.robots
  user     = each.key
}
