variable "users" {
  type = number
}

resource "aws_iam_user" "ci" {
  count = var.users
  name  = "ci-${count.index}"
}

resource "aws_iam_access_key" "later" {
  for_each = { for i, user in aws_iam_user.ci : i => user.name if i > 0 }
  user     = each.value
}

resource "aws_iam_access_key" "extra" {
  user = aws_iam_user.ci[1].name
}
