resource "aws_iam_access_key" "always" {
  user = "deploy"
}

resource "aws_iam_access_key" "k1" {
  count = length(compact(split("-", terraform.workspace))) == 0 ? 1 : 0
  user  = "deploy"
}
