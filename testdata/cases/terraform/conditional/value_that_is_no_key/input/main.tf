variable "keys" {
  type = map(string)
}

resource "aws_iam_access_key" "k" {
  count = contains(values(var.keys), "ci") && !contains(keys(var.keys), "ci") ? 2 : 1
  user  = "deploy"
}
