resource "aws_iam_access_key" "ci" {
  for_each = fileset("other", "./../teams//*.yaml")
  user     = "ci"
}
