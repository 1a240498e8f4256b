# The bounce handler reads the mailbox with the mailer's user.
resource "aws_iam_access_key" "bounces" {
  user = aws_iam_user.smtp.name
}

resource "aws_ssm_parameter" "bounces" {
  name  = "/mailer/bounces/secret"
  type  = "SecureString"
  value = aws_iam_access_key.bounces.secret
}
