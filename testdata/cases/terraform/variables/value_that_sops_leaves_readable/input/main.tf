variable "extra" {
  type    = number
  default = 0
}

resource "aws_iam_access_key" "first" {
  user = "relay"
}

resource "aws_iam_access_key" "more" {
  count = var.extra
  user  = "relay"
}

variable "token" {
  type    = string
  default = ""
}
