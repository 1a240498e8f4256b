resource "aws_iam_access_key" "current" {
  user = "courier"
}

resource "aws_iam_access_key" "next" {
  count = var.rotate ? 1 : 0
  user  = "courier"
}
