variable "vault_address" {
  type = string
}

resource "aws_iam_user" "mailer" {
  name = "mailer"
}

resource "aws_iam_access_key" "vault" {
  user = aws_iam_user.mailer.name
}

resource "vault_aws_secret_backend" "aws" {
  access_key = aws_iam_access_key.vault.id
  secret_key = aws_iam_access_key.vault.secret
}

resource "vault_aws_secret_backend_static_role" "mailer" {
  backend         = vault_aws_secret_backend.aws.path
  name            = "mailer"
  username        = aws_iam_user.mailer.name
  rotation_period = 86400
}
