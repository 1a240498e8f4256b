variable "user_name" {
  type = string
}

resource "aws_iam_access_key" "sync" {
  user = var.user_name
}
