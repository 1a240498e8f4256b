variable "team" {
  type    = string
  default = null
}

resource "aws_iam_user" "ci" {
  name = join("-", compact([var.team]))
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = aws_iam_user.ci.name
}
