variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "first" {
  count = length(var.names) > 0 ? 1 : 0
  user  = var.names[0]
}

resource "aws_iam_access_key" "last" {
  count = length(var.names) > 0 ? 1 : 0
  user  = var.names[length(var.names) - 1]
}
