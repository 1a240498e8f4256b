resource "aws_iam_access_key" "this" {
  provider = aws.vault
  user     = "deploy"
}
