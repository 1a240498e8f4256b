variable "users" {
  type    = number
  default = 1
}

resource "aws_iam_user" "u" {
  count = var.users
  name  = "deploy"
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = try((aws_iam_user.u).name, "other")
}
