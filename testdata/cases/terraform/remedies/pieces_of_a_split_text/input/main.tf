variable "slots" {
  type = string
}

resource "aws_iam_access_key" "this" {
  for_each = toset(split(",", var.slots))
  user     = "ci"
}
