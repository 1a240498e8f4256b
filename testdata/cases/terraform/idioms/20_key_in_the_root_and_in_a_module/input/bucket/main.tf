variable "user_name" {
  type = string
}

resource "aws_iam_access_key" "upload" {
  user = var.user_name
}
