variable "n" {
  type = number
}

resource "aws_iam_access_key" "each" {
  count  = var.n
  user   = "ci"
  status = count.index % 5 < 1 ? "Active" : "Inactive"
}
