resource "aws_iam_access_key" "blue" {
  user = var.robot
}

resource "aws_iam_access_key" "green" {
  user = var.robot
}

variable "robot" {
  type = string
}
