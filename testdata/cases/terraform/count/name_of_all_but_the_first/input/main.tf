variable "spares" {
  type = number
}

resource "aws_iam_access_key" "spare" {
  count = var.spares
  user  = count.index == 0 ? "first" : "other"
}
