variable "spares" {
  type = number
}

resource "aws_iam_access_key" "spare" {
  count  = var.spares
  user   = "courier"
  status = count.index < 2 ? "Active" : "Inactive"
}
