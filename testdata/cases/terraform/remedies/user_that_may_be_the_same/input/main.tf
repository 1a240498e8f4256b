variable "user" {
  validation {
    condition     = contains(["ci", "cd"], var.user)
    error_message = "One of the two."
  }
}

resource "aws_iam_access_key" "fixed" {
  user = "ci"
}

resource "aws_iam_access_key" "chosen" {
  user = var.user
}

resource "aws_iam_access_key" "other" {
  user = "other"
}
