resource "aws_iam_access_key" "k" {
  for_each = try(toset([each.key]), toset(["a", "b"]))
  user     = "deploy"
}
