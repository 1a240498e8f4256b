variable "generations" {
  type = set(string)
}

resource "aws_iam_access_key" "this" {
  for_each = var.generations
  user     = "ci"
}

resource "aws_iam_access_key" "other" {
  user = "other"
}
