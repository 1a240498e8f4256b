ephemeral "aws_secretsmanager_secret_version" "token" {
  secret_id = "token"
}

resource "aws_iam_access_key" "a" {
  user = ephemeral.aws_secretsmanager_secret_version.token.secret_string
}

resource "aws_iam_access_key" "b" {
  user = "deploy"
}
