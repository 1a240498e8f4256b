variable "names" {
  type = string
}

resource "aws_iam_access_key" "many" {
  count = length(split(",", var.names)) > 4 ? 1 : 0
  user  = "ci"
}

resource "aws_iam_access_key" "always" {
  user = "ci"
}
