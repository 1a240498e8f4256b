variable "keys" {
  type = map(string)
}

resource "aws_iam_access_key" "k" {
  count = contains([for name, state in var.keys : name if state == "on"], "ci") && !contains(keys(var.keys), "ci") ? 2 : 1
  user  = "deploy"
}
