variable "contact" {
  description = "A mail address, or a list of them."
}

resource "aws_iam_user" "deploy" {
  name = "deploy"
}

resource "aws_iam_access_key" "first" {
  user = aws_iam_user.deploy.name
}

resource "aws_iam_access_key" "second" {
  count = can(tostring(var.contact)) ? 0 : 1
  user  = aws_iam_user.deploy.name
}
