resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "one" {
  user = trimprefix(aws_iam_user.ci.arn, "arn:aws:iam::123456789012:user/")
}

resource "aws_iam_access_key" "two" {
  user = "ci"
}
