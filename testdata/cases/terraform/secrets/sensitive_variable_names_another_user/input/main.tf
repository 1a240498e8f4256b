variable "owner" {
  type      = string
  sensitive = true
}
resource "aws_iam_access_key" "a" {
  user = var.owner
}
resource "aws_iam_access_key" "c" {
  user = "night-owl"
}
