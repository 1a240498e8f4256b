variable "token" {
  type      = string
  ephemeral = true
  default   = "x"
}

resource "aws_iam_access_key" "k" {
  for_each = {
    a = { name = "deploy", token = var.token }
    b = { name = "deploy", token = var.token }
  }
  user = each.value.name
}
