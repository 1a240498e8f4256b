variable "token" {
  type      = string
  sensitive = true
  default   = "x"
}

resource "aws_iam_access_key" "first" {
  user = "${var.token == "x"}"
}

resource "aws_iam_access_key" "second" {
  user = "${var.token == "x"}"
}
