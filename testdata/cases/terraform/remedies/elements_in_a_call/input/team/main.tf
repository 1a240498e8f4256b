variable "bots" {
  type = map(list(string))
}

resource "aws_iam_access_key" "this" {
  for_each = merge([for user, slots in var.bots : { for slot in slots : "${user}/${slot}" => user }]...)
  user     = each.value
}
