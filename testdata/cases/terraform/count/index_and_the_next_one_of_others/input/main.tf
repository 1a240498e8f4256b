variable "keys" {
  type = number
}

resource "aws_iam_access_key" "old" {
  count = var.keys
  user  = "ci-${count.index}"
}

resource "aws_iam_access_key" "new" {
  count = var.keys
  user  = "deploy-${count.index + 1}"
}
