variable "name" {
  type      = string
  sensitive = true
  default   = "deploy"
}

resource "aws_iam_access_key" "k" {
  for_each = { a = var.name, b = var.name }
  user     = each.value
}
