resource "aws_iam_access_key" "replicator" {
  provider = aws.target
  user     = "replicator"
}
