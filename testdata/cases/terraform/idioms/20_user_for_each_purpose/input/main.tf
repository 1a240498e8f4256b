resource "aws_iam_user" "purpose" {
  for_each = toset(["ses", "s3"])

  name = "mailer-${each.key}"
}

resource "aws_iam_access_key" "ses" {
  user = aws_iam_user.purpose["ses"].name
}

resource "aws_iam_access_key" "s3" {
  user = aws_iam_user.purpose["s3"].name
}
