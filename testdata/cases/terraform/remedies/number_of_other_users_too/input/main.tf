variable "runners" {
  type    = number
  default = 2
}

resource "aws_iam_access_key" "ci" {
  count = var.runners
  user  = "ci"
}

resource "aws_iam_access_key" "runner" {
  count = var.runners
  user  = "runner-${count.index}"
}
