variable "bots" {
  type = any
}

variable "more" {
  type = any
}

resource "aws_iam_access_key" "old" {
  for_each = var.bots
  user     = each.key
}

resource "aws_iam_access_key" "new" {
  for_each = merge(var.bots, var.more)
  user     = each.key
}
