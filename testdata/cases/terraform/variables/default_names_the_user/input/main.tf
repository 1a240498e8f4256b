resource "aws_iam_access_key" "scheduled" {
  user = var.user_name
}

resource "aws_iam_access_key" "manual" {
  user = "scanner"
}
