variable "name" {
  type = string
}

resource "aws_iam_user" "ci" {
  name = var.name
}

resource "aws_iam_access_key" "one" {
  user = split("user/", aws_iam_user.ci.arn)[1]
}

resource "aws_iam_access_key" "two" {
  user = var.name
}
