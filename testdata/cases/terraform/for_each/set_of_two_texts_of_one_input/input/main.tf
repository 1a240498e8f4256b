variable "prefix" {
  type = string
}

resource "aws_iam_user" "loader" {
  name = "loader"
}

resource "aws_iam_access_key" "region" {
  for_each = toset(["${var.prefix}-east", "${var.prefix}-west"])

  user = aws_iam_user.loader.name
}
