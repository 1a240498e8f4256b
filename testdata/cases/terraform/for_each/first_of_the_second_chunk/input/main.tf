variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "each" {
  for_each = toset(flatten(chunklist(var.names, 2)))
  user     = each.key
}

resource "aws_iam_access_key" "third" {
  count = length(var.names) > 2 ? 1 : 0
  user  = chunklist(var.names, 2)[1][0]
}
