variable "format" {
  type = string
}

resource "aws_iam_access_key" "robot" {
  for_each = fileset("robots", "*.${var.format}")
  user     = "robot"
}
