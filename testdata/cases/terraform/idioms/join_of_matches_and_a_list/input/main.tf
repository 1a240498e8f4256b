variable "name" { type = string }
resource "aws_iam_access_key" "one" {
  user = join("-", regexall("[a-z]+", var.name), ["bot"])
}
resource "aws_iam_access_key" "two" {
  user = join("-", regexall("[a-z]+", var.name), ["bot"])
}
