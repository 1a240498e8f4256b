variable "prefixed" {
  type = bool
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = var.prefixed ? "team/ci" : "ci"
}
