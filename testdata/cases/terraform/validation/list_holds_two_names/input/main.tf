variable "slots" {
  type = list(string)

  validation {
    condition     = contains(var.slots, "blue") && contains(var.slots, "green")
    error_message = "Both are needed."
  }
}

resource "aws_iam_access_key" "deploy" {
  for_each = toset(var.slots)
  user     = "deploy"
}
