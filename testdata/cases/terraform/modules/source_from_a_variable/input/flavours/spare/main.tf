resource "aws_iam_access_key" "robot" {
  user   = "backup"
  status = "Inactive"
}
