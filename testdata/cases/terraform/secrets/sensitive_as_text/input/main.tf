variable "owner" {
  type      = string
  sensitive = "true"
  default   = "deploy"
}

resource "aws_iam_access_key" "a" {
  for_each = toset([var.owner])
  user     = "deploy"
}

resource "aws_iam_access_key" "b" {
  user = "deploy"
}
