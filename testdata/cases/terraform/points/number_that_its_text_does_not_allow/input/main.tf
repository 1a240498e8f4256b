variable "n" {
  type = number
}

resource "aws_iam_access_key" "always" {
  user = "ci"
}

resource "aws_iam_access_key" "long" {
  count = length(format("%05.1f", var.n)) > 5 ? 1 : 0
  user  = "ci"
}
