variable "keys" {
  type = map(string)
}

resource "aws_iam_access_key" "k" {
  count = contains(concat(keys(var.keys), ["cd"]), "cd") && !contains(keys(var.keys), "cd") ? 2 : 1
  user  = "deploy"
}
