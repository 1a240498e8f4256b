variable "user" {
  type = string
}

resource "aws_iam_access_key" "extra" {
  user = var.user
}
