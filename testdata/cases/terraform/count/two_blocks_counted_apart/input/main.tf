variable "keys" {
  type = number
}

resource "aws_iam_access_key" "first" {
  count  = var.keys
  user   = "ci"
  status = count.index == 0 ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "second" {
  count  = var.keys
  user   = "ci"
  status = count.index > var.keys ? "Active" : "Inactive"
}
