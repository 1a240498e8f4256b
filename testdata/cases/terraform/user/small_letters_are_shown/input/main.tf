resource "aws_iam_access_key" "k" {
  for_each = toset(["ann", "Ann"])
  user     = each.key
}
