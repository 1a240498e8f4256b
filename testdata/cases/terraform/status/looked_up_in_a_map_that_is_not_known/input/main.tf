variable "status_by_key" {
  type = map(string)
}

resource "aws_iam_user" "sync" {
  name = "sync"
}

resource "aws_iam_access_key" "old" {
  user   = aws_iam_user.sync.name
  status = lookup(var.status_by_key, "old", "Active")
}

resource "aws_iam_access_key" "new" {
  user = aws_iam_user.sync.name
}
