variable "kind" {}

resource "aws_cloudformation_stack" "keys" {
  name = "keys"
  template_body = jsonencode({
    Resources = {
      First  = { Type = "AWS::IAM::AccessKey", Properties = { UserName = "robot" } }
      Second = { Type = lookup({ key = "AWS::IAM::AccessKey" }, var.kind, "AWS::SNS::Topic"), Properties = { UserName = "robot" } }
    }
  })
}
