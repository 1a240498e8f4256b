variable "names" {
  type = string
}

resource "aws_iam_access_key" "deploy" {
  for_each = toset(slice(split(",", var.names), 0, 1))
  user     = "deploy"
}
