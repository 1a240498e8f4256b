variable "active" {
  type        = string
  description = "The slot in operation: blue or green"
}

resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "blue" {
  user   = aws_iam_user.mailer.name
  status = var.active == "blue" ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "green" {
  user   = aws_iam_user.mailer.name
  status = var.active == "blue" ? "Inactive" : "Active"
}
