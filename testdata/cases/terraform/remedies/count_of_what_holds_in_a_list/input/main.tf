variable "flags" {
  type = list(bool)
}

resource "aws_iam_access_key" "each" {
  count = length([for flag in var.flags : flag if flag])
  user  = "u${count.index}"
}

resource "aws_iam_access_key" "first" {
  count = anytrue(var.flags) ? 1 : 0
  user  = "u0"
}
