variable "spares" {
  type = number
}

resource "aws_iam_access_key" "spare" {
  count = var.spares
  user  = "spare-${count.index % 2}"
}
