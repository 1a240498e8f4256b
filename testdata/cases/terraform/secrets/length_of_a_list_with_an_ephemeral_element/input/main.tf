variable "token" {
  type      = string
  ephemeral = true
  default   = "x"
}

resource "aws_iam_access_key" "k" {
  count = length(["a", var.token])
  user  = "deploy"
}
