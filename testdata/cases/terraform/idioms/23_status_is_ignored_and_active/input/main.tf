resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "old" {
  user   = aws_iam_user.mailer.name
  status = "Active"

  lifecycle {
    ignore_changes = [status]
  }
}

resource "aws_iam_access_key" "new" {
  user = aws_iam_user.mailer.name
}
