variable "users" {
  type = list(string)
}

variable "machines" {
  type = list(string)
}

variable "rotate" {
  type = bool
}

resource "aws_iam_access_key" "old" {
  for_each = toset(var.users)
  user     = each.key
}

resource "aws_iam_access_key" "new" {
  for_each = { for name in jsondecode(var.rotate ? jsonencode(var.machines) : jsonencode([])) : "new-${name}" => name }
  user     = each.value
}
