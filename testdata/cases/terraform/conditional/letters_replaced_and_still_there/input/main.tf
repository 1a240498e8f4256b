variable "name" {
  type = string
}

resource "aws_iam_access_key" "each" {
  count = replace(var.name, "-", "_") == "ci-deploy" ? 2 : 0
  user  = "ci"
}
