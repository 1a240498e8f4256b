variable "keys" {
  type = map(string)
}

resource "aws_iam_access_key" "deploy" {
  count = var.keys
  user  = "deploy"
}
