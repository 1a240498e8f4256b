resource "time_rotating" "quarter" {
  rotation_days = 90
}

resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "this" {
  user = aws_iam_user.mailer.name

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [time_rotating.quarter.id]
  }
}
