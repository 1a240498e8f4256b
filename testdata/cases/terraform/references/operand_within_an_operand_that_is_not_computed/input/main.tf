resource "aws_iam_access_key" "old" {
  user = "deploy"
}

resource "aws_iam_access_key" "new" {
  count = (true || [][0]) || true ? 1 : 0
  user  = "deploy"
}
