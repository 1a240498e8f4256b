variable "machines" {
  type = number
}

variable "step" {
  type = number
}

resource "aws_iam_access_key" "machine" {
  count = var.machines
  user  = "machine-${(count.index + 1) * var.step}"
}
