variable "keys" {
  type = string
}

resource "aws_iam_access_key" "each" {
  count = length(jsondecode(var.keys))
  user  = "ci"
}
