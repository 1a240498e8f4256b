variable "slots" {
  type = map(string)
}

variable "current" {
  type = string
}

resource "aws_iam_access_key" "slot" {
  for_each = var.slots
  user     = "courier"
  status   = each.key == var.current ? "Active" : "Inactive"
}
