variable "on" {
  type      = bool
  sensitive = true
  default   = true
}

resource "aws_iam_access_key" "k" {
  count = var.on ? 2 : 0
  user  = "deploy"
}
