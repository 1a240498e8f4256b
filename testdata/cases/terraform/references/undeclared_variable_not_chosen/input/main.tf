resource "aws_iam_access_key" "k" {
  count = 2
  user  = true ? "deploy" : var.owner
}
