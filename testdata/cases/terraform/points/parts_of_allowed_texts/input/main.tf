variable "slots" {
  type = string
  validation {
    condition     = contains(["a", "b"], var.slots)
    error_message = "a or b"
  }
}

resource "aws_iam_access_key" "each" {
  for_each = toset(split(",", var.slots))
  user     = "deploy"
}
