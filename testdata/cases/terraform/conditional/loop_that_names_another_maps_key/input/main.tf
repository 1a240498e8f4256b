variable "keys" {
  type = map(string)
}

variable "others" {
  type = map(string)
}

resource "aws_iam_access_key" "k" {
  count = contains([for name, state in var.keys : keys(var.others)[0]], "ci") && !contains(keys(var.keys), "ci") ? 2 : 1
  user  = "deploy"
}
