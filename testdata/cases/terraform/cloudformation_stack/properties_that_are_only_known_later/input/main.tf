variable "more" {}

resource "aws_cloudformation_stack" "keys" {
  name          = "keys"
  template_body = jsonencode({
    Resources = {
      First  = { Type = "AWS::IAM::AccessKey", Properties = { UserName = "deploy" } }
      Second = { Type = "AWS::IAM::AccessKey", Properties = { UserName = "deploy" } }
      Third  = { Type = "AWS::IAM::AccessKey", Properties = var.more }
      Topic  = { Type = "AWS::SNS::Topic", Properties = var.more }
    }
  })
}
