variable "blue_status" {
  type = string

  validation {
    condition     = contains(["Active", "Inactive"], var.blue_status)
    error_message = "This status is not one of the key's."
  }
}

variable "green_status" {
  type = string

  validation {
    condition     = var.green_status == "Inactive"
    error_message = "This status is not one of the key's."
  }
}

resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "blue" {
  user   = aws_iam_user.mailer.name
  status = var.blue_status
}

resource "aws_iam_access_key" "green" {
  user   = aws_iam_user.mailer.name
  status = var.green_status
}
