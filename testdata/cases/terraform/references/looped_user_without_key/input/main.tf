resource "aws_iam_user" "u" {
  for_each = toset(["deploy"])
  name     = each.key
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = aws_iam_user.u.name
}
