variable "low" {
  type = number
}

variable "high" {
  type = number
}

resource "aws_iam_access_key" "one" {
  user   = "reporter"
  status = var.low < var.high && var.high < 7 ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "two" {
  user   = "reporter"
  status = var.low > 5 ? "Active" : "Inactive"
}
