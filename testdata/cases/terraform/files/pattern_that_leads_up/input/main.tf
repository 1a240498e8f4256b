resource "aws_iam_access_key" "ci" {
  for_each = fileset("teams", "../other/*.yaml")
  user     = "ci"
}
