resource "aws_iam_access_key" "k" {
  count = trimspace(terraform.workspace) == "live" ? 2 : 0
  user  = "deploy"
}
