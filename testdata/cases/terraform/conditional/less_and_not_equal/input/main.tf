variable "low" {
  type = number
}

variable "high" {
  type = number
}

resource "aws_iam_access_key" "day" {
  user   = "courier"
  status = var.low < var.high ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "night" {
  user   = "courier"
  status = var.low != var.high ? "Active" : "Inactive"
}
