resource "aws_serverlessapplicationrepository_cloudformation_stack" "app" {
  name           = "app"
  application_id = "arn:aws:serverlessrepo:us-east-1:123456789012:applications/app"
  capabilities   = ["CAPABILITY_IAM"]
}
