variable "owner" {
  sensitive = true
  default   = "geheim"
}

resource "aws_cloudformation_stack" "keys" {
  name          = "keys"
  template_body = <<-E
    {"AWSTemplateFormatVersion": "2010-09-09", "Description": "of ${var.owner}",
     "Parameters": {"Stage": {"Type": "String", "NoEcho": "false", "Default": "dev"}},
     "Conditions": {"Dev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}},
     "Resources": {
       "First": {"Type": "AWS::IAM::AccessKey", "Properties": {"UserName": {"Fn::If": ["Dev", "deploy", {"Fn::Sub": ["$${A}-x", {"A": "deploy"}]}]}}},
       "Second": {"Type": "AWS::IAM::AccessKey", "Properties": {"UserName": {"Fn::Sub": ["de$${A}", {"A": "ploy"}]}}}
     }}
  E
}
