variable "robot" {
  type = string
}

resource "aws_iam_access_key" "robot" {
  count = 2
  user  = var.robot
}
