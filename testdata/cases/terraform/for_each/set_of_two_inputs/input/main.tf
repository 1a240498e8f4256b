variable "first" {
  type = string
}

variable "second" {
  type = string
}

resource "aws_iam_user" "loader" {
  name = "loader"
}

resource "aws_iam_access_key" "region" {
  for_each = toset([var.first, var.second])

  user = aws_iam_user.loader.name
}
