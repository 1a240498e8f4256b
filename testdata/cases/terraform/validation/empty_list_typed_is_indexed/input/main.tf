variable "names" {
  type    = list(string)
  default = []
}

resource "aws_iam_access_key" "first" {
  user = var.names[0]
}

resource "aws_iam_access_key" "second" {
  user   = var.names[0]
}
