variable "text" {
  type = string
}

resource "aws_iam_access_key" "k" {
  count = length(var.text) > 900000000000 || length(jsondecode(var.text)) == 900000000000 ? 2 : 1
  user  = "deploy"
}
