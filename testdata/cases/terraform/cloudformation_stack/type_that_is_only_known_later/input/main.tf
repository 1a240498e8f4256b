variable "more" {}

resource "aws_cloudformation_stack" "keys" {
  name          = "keys"
  template_body = jsonencode({
    Resources = {
      First  = { Type = "AWS::IAM::AccessKey", Properties = { UserName = "deploy" } }
      Second = { Type = "AWS::IAM::AccessKey", Properties = { UserName = "deploy" } }
      Third  = { Type = var.more, Properties = { UserName = "deploy" } }
    }
  })
}
