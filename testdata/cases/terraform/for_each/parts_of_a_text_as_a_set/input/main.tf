variable "names" {
  type = string
}

resource "aws_iam_access_key" "deploy" {
  for_each = toset(split(",", var.names))
  user     = "deploy"
}
