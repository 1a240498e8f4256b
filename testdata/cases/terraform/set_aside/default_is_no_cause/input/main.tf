variable "keys" {
  type    = number
  default = 7

  validation {
    condition     = var.keys < 5
    error_message = "Four at most."
  }
}

resource "aws_iam_access_key" "this" {
  count = var.keys
  user  = "ci"
}
