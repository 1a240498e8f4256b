resource "aws_iam_user" "deploy" {
  name = "deploy"
}

resource "aws_iam_user" "deployer" {
  name = "deployer"
}

resource "aws_iam_access_key" "deploy" {
  user = aws_iam_user.deploy.name
}

resource "aws_iam_access_key" "deployer" {
  user = aws_iam_user.deployer.name
}
