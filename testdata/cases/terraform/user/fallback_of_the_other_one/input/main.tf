variable "user" {
  type = string
}

variable "fallback" {
  type = string
}

resource "aws_iam_access_key" "deploy" {
  user = coalesce(var.user, var.fallback)
}

resource "aws_iam_access_key" "legacy" {
  user = var.fallback == "" ? var.user : var.fallback
}
