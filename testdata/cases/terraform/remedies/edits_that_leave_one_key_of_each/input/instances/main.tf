variable "other" {}
resource "aws_iam_access_key" "k" {
  count = 1
  user  = "instances"
}
resource "aws_iam_access_key" "other" { user = var.other }
