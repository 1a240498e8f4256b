resource "aws_iam_access_key" "old" {
  user = "deploy"
}

resource "aws_iam_access_key" "new" {
  user = "deploy"

  lifecycle {
    ignore_changes = [state]
  }
}
