resource "aws_iam_access_key" "first" {
  user = "deploy"
}

resource "aws_iam_access_key" "second" {
  count = fileexists("${path.module}/second-key/${terraform.workspace}") ? 1 : 0
  user  = "deploy"
}
