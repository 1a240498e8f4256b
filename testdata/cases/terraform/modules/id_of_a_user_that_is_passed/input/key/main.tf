variable "user" {
  type = string
}

resource "aws_iam_access_key" "passed" {
  user = var.user
}
