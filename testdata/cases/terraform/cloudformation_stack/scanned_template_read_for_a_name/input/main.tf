resource "aws_cloudformation_stack" "other" {
  name = "other"
  template_body = jsonencode({
    Resources = {
      Third = {
        Type       = "AWS::IAM::AccessKey"
        Properties = { UserName = yamldecode(file("keys.yaml")).Resources.First.Properties.UserName }
      }
    }
  })
}
