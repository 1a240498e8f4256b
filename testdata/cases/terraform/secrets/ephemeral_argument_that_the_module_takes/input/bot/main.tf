variable "token" {
  ephemeral = true
}

resource "aws_iam_access_key" "bot" {
  count = can(var.token) ? 2 : 1
  user  = "bot"
}
