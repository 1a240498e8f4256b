resource "aws_iam_user" "ci" {
  name = "ci"
}

resource "aws_iam_access_key" "one" {
  user = regex("user/(?:.*/)?([^/]+)$", aws_iam_user.ci.arn)[0]
}

resource "aws_iam_access_key" "two" {
  user = replace(aws_iam_user.ci.arn, "/^.*\\//", "")
}

resource "aws_iam_access_key" "three" {
  user = "ci"
}
