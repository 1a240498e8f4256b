variable "operators" {
  type = list(string)
}

resource "aws_iam_access_key" "each" {
  for_each = length(var.operators) > 5 ? toset(var.operators) : []
  user     = each.key
}

resource "aws_iam_access_key" "first" {
  count = contains([1, 2, 3, 4, 5], length(var.operators)) ? 1 : 0
  user  = var.operators[0]
}
