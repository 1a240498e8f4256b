variable "names" {
  type = string
}

resource "aws_iam_access_key" "deploy" {
  for_each = split(",", var.names)
  user     = "deploy"
}
