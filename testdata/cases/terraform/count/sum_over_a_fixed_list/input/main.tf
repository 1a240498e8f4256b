variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "k" {
  count = sum(concat([1], [for name in ["a"] : 0]))
  user  = "deploy"
}
