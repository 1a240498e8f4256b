module "key" {
  source = "./key"
  user   = aws_iam_user.ci.id
}

resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "own" {
  user = aws_iam_user.ci.id
}
