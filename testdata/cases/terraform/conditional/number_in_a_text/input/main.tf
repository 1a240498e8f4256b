variable "keys" {
  type = string
}

resource "aws_iam_access_key" "each" {
  count = tonumber(var.keys)
  user  = "ci"
}
