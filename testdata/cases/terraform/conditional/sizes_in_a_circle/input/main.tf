variable "small" {
  type = number
}

variable "medium" {
  type = number
}

variable "large" {
  type = number
}

resource "aws_iam_access_key" "one" {
  user   = "reporter"
  status = var.small < var.medium && var.medium < var.large ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "two" {
  user   = "reporter"
  status = var.large < var.small ? "Active" : "Inactive"
}
