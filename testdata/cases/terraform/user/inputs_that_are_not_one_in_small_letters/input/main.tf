variable "blue" {
  type = string
}

variable "green" {
  type = string
}

resource "aws_iam_access_key" "blue" {
  user = var.blue
}

resource "aws_iam_access_key" "green" {
  count = lower(var.blue) != lower(var.green) ? 1 : 0
  user  = var.green
}
