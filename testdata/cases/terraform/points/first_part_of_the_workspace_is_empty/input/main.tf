resource "aws_iam_access_key" "k" {
  count = split("-", terraform.workspace)[0] == "" ? 2 : 0
  user  = "deploy"
}
