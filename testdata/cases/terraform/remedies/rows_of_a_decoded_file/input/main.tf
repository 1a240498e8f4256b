resource "aws_iam_access_key" "this" {
  for_each = { for row in csvdecode(file("${path.module}/users.csv")) : row.id => row }
  user     = each.value.user
}
