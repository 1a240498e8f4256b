variable "token" {
  type      = string
  sensitive = true
}

variable "name" {
  type = string
}

resource "aws_iam_access_key" "one" {
  user = "ci"
}

resource "aws_iam_access_key" "two" {
  count = issensitive("${var.name}-${terraform.workspace}") || issensitive([var.token]) || issensitive(nonsensitive(var.token)) ? 1 : 0
  user  = "ci"
}
