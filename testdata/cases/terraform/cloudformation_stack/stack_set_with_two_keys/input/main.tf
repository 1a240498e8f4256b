resource "aws_cloudformation_stack_set" "keys" {
  name          = "keys"
  template_body = <<-EOT
    {
      "Resources": {
        "First": { "Type": "AWS::IAM::AccessKey", "Properties": { "UserName": "robot" } },
        "Second": { "Type": "AWS::IAM::AccessKey", "Properties": { "UserName": "robot" } }
      }
    }
  EOT
}
