variable "user" {
  type = string
}

resource "aws_iam_access_key" "key" {
  user = var.user
}
