variable "user_name" {
  type = string
}

resource "aws_iam_access_key" "primary" {
  user = var.user_name
}

resource "aws_iam_access_key" "secondary" {
  user = var.user_name
}
