resource "aws_iam_user" "deploy" {
  name = "deploy"
  path = "/automation/"
}

resource "aws_iam_access_key" "pipeline" {
  user = aws_iam_user.deploy.name
}

# Added by hand when the pipeline moved; the user was created above by then.
resource "aws_iam_access_key" "migration" {
  user       = "deploy"
  depends_on = [aws_iam_user.deploy]
}
