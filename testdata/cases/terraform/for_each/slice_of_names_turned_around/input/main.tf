variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "all" {
  for_each = toset(var.names)
  user     = each.key
}

resource "aws_iam_access_key" "first" {
  for_each = toset(slice(reverse(var.names), 0, 1))
  user     = each.key
}
