resource "aws_iam_access_key" "old" {
  user = "deploy"
}

resource "aws_iam_access_key" "new" {
  user    = "deploy"
  keepers = { rotation = "2026-01" }
}
