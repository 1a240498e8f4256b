variable "token" {
  type      = string
  ephemeral = true
  default   = "deploy"
}

resource "aws_iam_user" "u" {
  name = var.token
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = aws_iam_user.u.name
}
