data "aws_iam_users" "bots" {
  path_prefix = "/bots/"
}

resource "aws_iam_access_key" "old" {
  for_each = setintersection(data.aws_iam_users.bots.names, ["deploy", "backup"])
  user     = each.key
}

resource "aws_iam_access_key" "new" {
  for_each = setsubtract(data.aws_iam_users.bots.names, ["deploy", "backup"])
  user     = each.key
}
