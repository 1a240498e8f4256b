variable "users" {
  type = number
}

resource "aws_iam_user" "ci" {
  count = var.users
  name  = "ci-${count.index}"
}

resource "aws_iam_access_key" "each" {
  count = var.users
  user  = aws_iam_user.ci[count.index].name
  status = count.index == 0 ? "Inactive" : "Active"
}

resource "aws_iam_access_key" "extra" {
  count = var.users > 0 ? 1 : 0
  user  = aws_iam_user.ci[0].name
}
