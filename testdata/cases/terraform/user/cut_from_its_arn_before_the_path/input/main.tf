resource "aws_iam_user" "deploy" {
  name = "ci-deploy"
  path = "/robots/"
}

resource "aws_iam_access_key" "legacy" {
  user = "ci-deploy"
}

resource "aws_iam_access_key" "deploy" {
  user = split("/", aws_iam_user.deploy.arn)[1]
}
