resource "aws_iam_access_key" "k" {
  count = terraform.workspace != "" && terraform.workspace != "live" ? 2 : 1
  user  = "deploy"
}
