resource "aws_iam_access_key" "robot" {
  count = 2
  user  = "robot"
}
