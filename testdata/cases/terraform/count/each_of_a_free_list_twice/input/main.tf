variable "size" {
  type = number
}

resource "aws_iam_user" "crew" {
  count = var.size
  name  = "crew-${count.index}"
}

resource "aws_iam_access_key" "first" {
  count = var.size
  user  = aws_iam_user.crew[count.index].name
}

resource "aws_iam_access_key" "second" {
  count = var.size
  user  = element(aws_iam_user.crew[*].name, count.index)
}
