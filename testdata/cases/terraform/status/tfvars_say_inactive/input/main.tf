variable "previous_key_status" {
  type = string
}

resource "aws_iam_user" "deploy" {
  name = "deploy"
}

resource "aws_iam_access_key" "current" {
  user = aws_iam_user.deploy.name
}

resource "aws_iam_access_key" "previous" {
  user   = aws_iam_user.deploy.name
  status = var.previous_key_status
}
