variable "paths" { type = list(string) }

resource "aws_iam_access_key" "first" {
  count = try(split("/", var.paths[0])[1], "") == "ops" ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "second" {
  user = "deploy"
}
