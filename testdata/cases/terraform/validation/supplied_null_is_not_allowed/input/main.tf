variable "robot" {
  type     = string
  nullable = false
}

resource "aws_iam_access_key" "first" {
  user = var.robot
}

resource "aws_iam_access_key" "second" {
  user = var.robot
}
