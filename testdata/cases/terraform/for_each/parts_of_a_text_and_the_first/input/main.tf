variable "operators" {
  description = "Names, with commas between them."
  type        = string
}

resource "aws_iam_access_key" "each" {
  for_each = toset(split(",", var.operators))
  user     = each.key
}

resource "aws_iam_access_key" "first" {
  user = split(",", var.operators)[0]
}
