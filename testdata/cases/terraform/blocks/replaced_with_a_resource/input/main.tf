resource "aws_iam_user" "ci" {
  for_each = toset(["ci"])
  name     = each.key
}

resource "aws_iam_access_key" "first" {
  for_each = aws_iam_user.ci
  user     = "ci"

  lifecycle {
    replace_triggered_by = [aws_iam_user.ci, aws_iam_user.ci[each.key].name]
  }
}

resource "aws_iam_access_key" "second" {
  user = "ci"

  lifecycle {
    replace_triggered_by = [aws_iam_access_key.first["ci"]]
  }
}
