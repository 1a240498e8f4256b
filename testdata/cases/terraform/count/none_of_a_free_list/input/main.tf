variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "k" {
  count = anytrue([for name in var.names : name == "ci" && name == "cd"]) ? 2 : 1
  user  = "deploy"
}
