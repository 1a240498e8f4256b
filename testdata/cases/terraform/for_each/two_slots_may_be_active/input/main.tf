variable "slots" {
  type = map(string)

  validation {
    condition     = length([for name, status in var.slots : name if status != "Inactive"]) <= 2
    error_message = "too many are active"
  }
}

resource "aws_iam_access_key" "slot" {
  for_each = var.slots
  user     = "deploy"
  status   = each.value
}
