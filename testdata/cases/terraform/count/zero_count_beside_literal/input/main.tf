resource "aws_iam_access_key" "mailer" {
  user = "mailer"
}

resource "aws_iam_access_key" "spare" {
  count = 0
  user  = "mailer"
}
