variable "n" {
  type = number
}

resource "aws_iam_user" "u" {
  count = var.n
  name  = "u${count.index}"
}

resource "aws_iam_access_key" "one" {
  user = "deploy"
}

resource "aws_iam_access_key" "two" {
  user   = "deploy"
  status = length(aws_iam_user.u) != var.n ? "Active" : "Inactive"
}
