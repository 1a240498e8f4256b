variable "blue" {
  type = string
}

variable "green" {
  type = string
}

variable "live" {
  type = string
}

variable "next" {
  type = string
}

resource "aws_iam_access_key" "one" {
  user   = "reporter"
  status = var.blue == var.green && var.live == var.next ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "two" {
  user   = "reporter"
  status = var.blue != var.next ? "Active" : "Inactive"
}
