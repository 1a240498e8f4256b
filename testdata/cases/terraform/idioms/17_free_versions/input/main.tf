variable "key_versions" {
  type = list(string)
}

resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "this" {
  for_each = toset(var.key_versions)

  user = aws_iam_user.mailer.name
}
