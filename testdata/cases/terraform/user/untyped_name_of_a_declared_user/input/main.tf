variable "name" {}

resource "aws_iam_user" "robot" {
  name = var.name
}

resource "aws_iam_access_key" "first" {
  user = aws_iam_user.robot.name
}

resource "aws_iam_access_key" "second" {
  user = aws_iam_user.robot.name
}
