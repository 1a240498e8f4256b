resource "time_rotating" "blue" {
  rotation_days = 60
}

resource "time_offset" "half" {
  base_rfc3339 = time_rotating.blue.rfc3339
  offset_days  = 30
}

resource "time_rotating" "green" {
  rfc3339       = time_offset.half.rfc3339
  rotation_days = 60
}

resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "blue" {
  user = aws_iam_user.mailer.name

  lifecycle {
    replace_triggered_by = [time_rotating.blue]
  }
}

resource "aws_iam_access_key" "green" {
  user = aws_iam_user.mailer.name

  lifecycle {
    replace_triggered_by = [time_rotating.green]
  }
}
