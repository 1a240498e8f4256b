variable "owner" {
  type      = string
  sensitive = true
  default   = "deploy"
}

resource "aws_iam_user" "all" {
  for_each = toset(["deploy", "backup"])
  name     = "ci-${each.key}"
}

resource "aws_iam_access_key" "old" {
  user = aws_iam_user.all[var.owner].name
}

resource "aws_iam_access_key" "new" {
  user = aws_iam_user.all[var.owner].name
}
