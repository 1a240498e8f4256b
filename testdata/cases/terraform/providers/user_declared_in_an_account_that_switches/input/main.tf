variable "c" { type = bool }
provider "aws" {
  alias = "x"
  assume_role { role_arn = "arn:aws:iam::111111111111:role/r" }
}
provider "aws" {
  alias = "y"
  assume_role { role_arn = var.c ? "arn:aws:iam::222222222222:role/r" : "arn:aws:iam::333333333333:role/r" }
}
resource "aws_iam_user" "u" {
  provider = aws.y
  name = "ci"
}
resource "aws_iam_access_key" "a" {
  provider = aws.x
  user = "ci"
}
resource "aws_iam_access_key" "b" {
  provider = aws.x
  user = "ci"
}
