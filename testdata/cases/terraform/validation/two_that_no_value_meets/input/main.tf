variable "size" {
  type = number
  validation {
    condition     = var.size > 5
    error_message = "too small"
  }
  validation {
    condition     = var.size < 3
    error_message = "too large"
  }
}

resource "aws_iam_access_key" "first" {
  user = "deploy"
}

resource "aws_iam_access_key" "second" {
  count = var.size > 0 ? 1 : 0
  user  = "deploy"
}
