variable "n" {
  type = number
}

resource "aws_iam_access_key" "each" {
  count    = var.n % 3
  user     = element(["a", "b"], count.index)
}
