variable "env" {
  type = string
}

resource "aws_iam_access_key" "each" {
  count = length(regexall("prod", var.env))
  user  = "ci"
}
