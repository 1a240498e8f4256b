resource "aws_iam_access_key" "k" {
  count = 0
  user  = local.user
}

resource "aws_iam_access_key" "only" {
  user  = "deploy"
}
