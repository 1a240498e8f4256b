variable "users" {
  type = map(object({ former = string }))
  default = {
    ci     = { former = "Active" }
    deploy = { former = "Inactive" }
  }
}

resource "aws_iam_access_key" "current" {
  for_each = var.users
  user     = each.key
}

resource "aws_iam_access_key" "former" {
  for_each = var.users
  user     = each.key
  status   = each.value.former
}
