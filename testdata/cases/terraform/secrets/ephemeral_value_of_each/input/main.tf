variable "token" {
  type      = string
  ephemeral = true
  default   = "x"
}

resource "aws_iam_access_key" "k" {
  for_each = { a = var.token }
  user     = each.value
}
