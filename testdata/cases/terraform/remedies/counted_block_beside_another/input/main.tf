resource "aws_iam_access_key" "k" {
  count = 2
  user  = "ci"
}

resource "aws_iam_access_key" "extra" {
  user = "ci"
}
