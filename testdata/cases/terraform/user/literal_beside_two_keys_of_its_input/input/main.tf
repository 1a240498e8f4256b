variable "name" {
  type = string

  validation {
    condition     = var.name == "ci"
    error_message = "Another name."
  }
}

resource "aws_iam_access_key" "one" {
  user = var.name
}

resource "aws_iam_access_key" "two" {
  user = var.name
}

resource "aws_iam_access_key" "three" {
  user = "ci"
}
