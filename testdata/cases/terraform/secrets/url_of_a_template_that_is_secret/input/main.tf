variable "url" {
  type      = string
  sensitive = true
  default   = "hunter2"
}

resource "aws_cloudformation_stack" "keys" {
  name = "keys"
  template_body = jsonencode({
    Resources = {
      Read   = { Type = "AWS::CloudFormation::Stack", Properties = { TemplateURL = file("${path.module}/url.txt") } }
      Secret = { Type = "AWS::CloudFormation::Stack", Properties = { TemplateURL = var.url } }
      Key    = { Type = "AWS::IAM::AccessKey", Properties = { UserName = "robot" } }
    }
  })
}
