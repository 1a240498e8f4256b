variable "users" {
  type = number
}

resource "aws_iam_access_key" "each" {
  count = var.users
  user  = "ci-${count.index + 1}"
}

resource "aws_iam_access_key" "extra" {
  user = "ci-150"
}
