variable "token" {
  type      = string
  ephemeral = true
  default   = "x"
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = try("deploy", var.token)
}
