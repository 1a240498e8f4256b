variable "own" {
  type = map(string)
}

resource "aws_iam_access_key" "slot" {
  for_each = merge(var.own, { first = "Active", second = "Active" })
  user     = "courier"
  status   = each.value
}
