module "bucket" {
  source       = "cloudposse/s3-bucket/aws"
  version      = "~> 4.0"
  name         = "files"
  user_enabled = true
}

resource "aws_iam_access_key" "second" {
  user = "files"
}
