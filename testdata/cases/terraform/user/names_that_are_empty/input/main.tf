variable "prefix" {
  type    = string
  default = ""
}

resource "aws_iam_access_key" "one" {
  user = var.prefix
}

resource "aws_iam_access_key" "two" {
  user = var.prefix
}
