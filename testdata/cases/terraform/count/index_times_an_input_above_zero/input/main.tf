variable "machines" {
  type = number
}

variable "step" {
  type = number

  validation {
    condition     = var.step > 0
    error_message = "A step is above 0."
  }

}

resource "aws_iam_access_key" "machine" {
  count = var.machines
  user  = "machine-${(count.index + 1) * var.step}"
}
