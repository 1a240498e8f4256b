resource "aws_iam_access_key" "k" {
  for_each = toset(concat(["a", "b"], [for x in [] : data.aws_iam_user.nobody.path]))
  user     = "deploy"
}
