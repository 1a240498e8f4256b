variable "owners" {
  type = map(string)
}

resource "aws_iam_access_key" "owner" {
  for_each = var.owners
  user     = each.value != "" ? each.value : "caretaker-${each.key}"
}
