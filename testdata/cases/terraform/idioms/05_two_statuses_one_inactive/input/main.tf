variable "blue_status" {
  type    = string
  default = "Active"
}

variable "green_status" {
  type    = string
  default = "Inactive"
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
