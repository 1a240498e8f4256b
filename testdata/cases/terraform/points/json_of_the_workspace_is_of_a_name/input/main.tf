resource "aws_iam_access_key" "always" {
  user = "deploy"
}

resource "aws_iam_access_key" "k1" {
  count = jsonencode({ env = terraform.workspace }) == "{\"env\":\"prod\"}" ? 1 : 0
  user  = "deploy"
}
