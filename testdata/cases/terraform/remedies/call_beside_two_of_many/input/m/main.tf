variable "user" {
  default = "ci"
}
resource "aws_iam_access_key" "k" {
  user = var.user
}
