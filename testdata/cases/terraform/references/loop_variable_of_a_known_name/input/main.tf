resource "aws_iam_access_key" "k" {
  for_each = toset([for var in [{ nope = "a" }, { nope = "b" }] : var.nope])
  user     = one([for each in [{ key = "deploy" }] : each.key])
}
