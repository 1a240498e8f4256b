variable "staff" {
  type = map(object({ squad = string, login = string }))
}

resource "aws_iam_access_key" "bot" {
  for_each = { for id, one in var.staff : id => one if one.squad == "infra" }
  user     = each.value.login
}
