variable "user" {
  default = "ops"
}

resource "aws_iam_access_key" "it" {
  count = 2
  user  = var.user
}
