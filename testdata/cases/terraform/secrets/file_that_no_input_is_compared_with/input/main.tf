resource "aws_iam_access_key" "k" {
  count = file("${path.module}/token") == "eight" ? 2 : 1
  user  = "ci"
}
