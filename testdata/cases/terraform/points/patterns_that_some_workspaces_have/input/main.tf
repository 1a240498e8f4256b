resource "aws_iam_access_key" "always" {
  user = "deploy"
}

resource "aws_iam_access_key" "k1" {
  count = can(regex("^[0-9]$", terraform.workspace)) ? 1 : 0
  user  = "deploy"
}
