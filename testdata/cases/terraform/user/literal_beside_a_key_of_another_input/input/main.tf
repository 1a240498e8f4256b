variable "name" {
  type = string

  validation {
    condition     = contains(["ci", "deploy"], var.name)
    error_message = "Another name."
  }
}

resource "aws_iam_access_key" "one" {
  user = var.name
}

resource "aws_iam_access_key" "three" {
  user = "ci"
}
