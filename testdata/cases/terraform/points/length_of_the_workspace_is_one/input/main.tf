resource "aws_iam_access_key" "k" {
  count = length(terraform.workspace) == 1 ? 2 : 0
  user  = "deploy"
}
