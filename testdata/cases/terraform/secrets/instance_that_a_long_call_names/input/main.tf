resource "aws_iam_access_key" "each" {
  for_each = toset([file("key-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")])
  user     = "ci"
}

resource "aws_iam_access_key" "other" {
  user = "ci"
}
