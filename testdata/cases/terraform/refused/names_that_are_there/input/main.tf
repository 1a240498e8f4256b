resource "aws_iam_access_key" "a" {
  user = path.module == "" ? "other" : "deploy"
}

resource "aws_iam_access_key" "b" {
  user = terraform.workspace == "" ? "other" : "deploy"
}
