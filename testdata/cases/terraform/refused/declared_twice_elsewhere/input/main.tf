resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}

resource "aws_s3_bucket" "logs" {
  bucket = "more-logs"
}

resource "aws_iam_access_key" "one" {
  user = "archiver"
}
