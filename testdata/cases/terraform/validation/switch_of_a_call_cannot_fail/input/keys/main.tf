variable "keys" {
  type = number

  validation {
    condition     = var.keys < 2
    error_message = "One key is enough."
  }
}

resource "aws_iam_access_key" "robot" {
  count = var.keys
  user  = "robot"
}
