variable "stage" {
  type    = string
  default = "live"
}

variable "keys" {
  type    = number
  default = 2

  validation {
    condition     = var.stage != "live" || var.keys < 2
    error_message = "One key in the live stage."
  }
}

resource "aws_iam_access_key" "robot" {
  count = var.keys
  user  = "robot"
}
