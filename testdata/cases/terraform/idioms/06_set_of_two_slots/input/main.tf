resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "slot" {
  for_each = toset(["blue", "green"])

  user = aws_iam_user.mailer.name
}
