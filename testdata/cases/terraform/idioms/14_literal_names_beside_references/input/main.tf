resource "aws_iam_user" "this" {
  for_each = toset(["reader", "writer"])

  name = each.key
}

resource "aws_iam_access_key" "this" {
  for_each = aws_iam_user.this

  user = each.value.name
}

resource "aws_iam_access_key" "reader" {
  user       = "reader"
  depends_on = [aws_iam_user.this]
}
