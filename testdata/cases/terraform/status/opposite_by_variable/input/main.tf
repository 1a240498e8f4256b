variable "blue" {
  type        = bool
  description = "Which of the two keys is in use"
}

resource "aws_iam_user" "uploader" {
  name = "uploader"
}

resource "aws_iam_access_key" "blue" {
  user   = aws_iam_user.uploader.name
  status = var.blue ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "green" {
  user   = aws_iam_user.uploader.name
  status = var.blue ? "Inactive" : "Active"
}
