resource "aws_iam_access_key" "old" {
  user = "deploy"
}

resource "aws_iam_access_key" "new" {
  count = (true || "yes, please") || true ? 1 : 0
  user  = "deploy"
}
