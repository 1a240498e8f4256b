variable "name" {
  default = "ci"
}

resource "aws_iam_access_key" "this" {
  user = var.name
}
