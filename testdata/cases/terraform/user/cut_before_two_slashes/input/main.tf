resource "aws_iam_access_key" "a" {
  user = split("//", "ci//${terraform.workspace}")[0]
}

resource "aws_iam_access_key" "b" {
  user = "ci"
}
