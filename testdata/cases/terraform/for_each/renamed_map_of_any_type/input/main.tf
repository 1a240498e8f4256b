variable "bots" {
  type = any
}

resource "aws_iam_access_key" "old" {
  for_each = { for name, bot in var.bots : "${name}-old" => bot }
  user     = each.key
}

resource "aws_iam_access_key" "new" {
  for_each = toset([for name in keys(var.bots) : "${name}-new"])
  user     = each.key
}
