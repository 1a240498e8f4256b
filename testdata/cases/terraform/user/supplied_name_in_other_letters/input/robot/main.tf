variable "team" {
  type = string
}

resource "aws_iam_access_key" "main" {
  user = "${var.team}-robot"
}
