variable "env" {
  type = string
  validation {
    condition     = can(regex("^(blue|green)$", var.env))
    error_message = "blue or green"
  }
}

resource "aws_iam_access_key" "first" {
  user   = "deploy"
  status = var.env != "green" ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "second" {
  user   = "deploy"
  status = var.env != "blue" ? "Active" : "Inactive"
}
