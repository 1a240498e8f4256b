variable "token" {
  type      = string
  ephemeral = true
  default   = "deploy"
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = "${var.token}-ci"
}
