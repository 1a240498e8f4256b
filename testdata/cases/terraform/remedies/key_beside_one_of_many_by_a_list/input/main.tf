variable "robots" {
  default = {
    ci  = ["current", "next"]
    web = ["current"]
    etl = ["next"]
  }
}
resource "aws_iam_user" "robot" {
  for_each = var.robots
  name     = each.key
}

resource "aws_iam_access_key" "current" {
  for_each = { for name, robot in var.robots : name => robot if contains(robot, "current") }
  user     = (aws_iam_user.robot[each.key].id)
}

resource "aws_iam_access_key" "next" {
  for_each = { for name, robot in var.robots : name => robot if contains(robot, "next") }
  user     = aws_iam_user.robot[each.key].name
}
