variable "own" {
  type = map(string)
}

resource "aws_iam_access_key" "slot" {
  for_each = merge({ first = "Active", second = "Active" }, var.own)
  user     = "courier"
  status   = each.value
}
