resource "aws_iam_access_key" "k" {
  count = terraform.workspace == "" ? 2 : 1
  user  = "deploy"
}
