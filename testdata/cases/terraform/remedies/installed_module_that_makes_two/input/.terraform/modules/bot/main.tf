variable "user" {
  type = string
}

resource "aws_iam_access_key" "old" {
  user = var.user
}

resource "aws_iam_access_key" "new" {
  user = var.user
}
