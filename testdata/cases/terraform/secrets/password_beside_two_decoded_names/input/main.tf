resource "aws_iam_access_key" "bot" {
  for_each = { for r in csvdecode(file("bots.csv")) : r.id => r }
  user     = each.value.login
}
