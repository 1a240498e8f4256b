variable "keys" {
  type = map(string)
}

resource "aws_iam_access_key" "k" {
  count = contains(concat(keys(var.keys), ["cd"]), "ci") && !contains(keys(var.keys), "ci") ? 2 : 1
  user  = "deploy"
}
