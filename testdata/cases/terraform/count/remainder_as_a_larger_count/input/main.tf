variable "n" {
  type = number
}

resource "aws_iam_access_key" "each" {
  count    = var.n % 4
  user     = element(["a", "b"], count.index)
}
