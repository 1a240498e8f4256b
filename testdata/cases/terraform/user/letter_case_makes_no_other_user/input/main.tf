resource "aws_iam_access_key" "old" {
  user = "Deploy"
}

resource "aws_iam_access_key" "new" {
  user = "deploy"
}
