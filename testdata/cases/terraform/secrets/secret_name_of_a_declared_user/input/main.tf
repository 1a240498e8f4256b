variable "s" {
  default   = "ci"
  sensitive = true
}
resource "aws_iam_user" "u" { name = "ci" }
resource "aws_iam_access_key" "a" { user = "ci" }
resource "aws_iam_access_key" "b" { user = var.s }
