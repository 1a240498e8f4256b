resource "aws_iam_user" "backup" {
  name          = "backup-writer"
  force_destroy = true
}
