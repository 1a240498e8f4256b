resource "aws_iam_access_key" "k" {
  count = coalesce(terraform.workspace, "none") == "none" && terraform.workspace != "none" ? 2 : 1
  user  = "deploy"
}
