variable "slots" {
  type = string
}

resource "aws_iam_access_key" "each" {
  for_each = toset(split(",", var.slots))
  user     = "deploy"
}
