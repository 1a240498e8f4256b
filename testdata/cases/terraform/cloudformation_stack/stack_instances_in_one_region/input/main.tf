resource "aws_cloudformation_stack_set" "keys" {
  name = "keys"
  template_body = jsonencode({
    Resources = {
      Key = { Type = "AWS::IAM::AccessKey", Properties = { UserName = "mailer" } }
    }
  })
}

resource "aws_cloudformation_stack_instances" "here" {
  stack_set_name = aws_cloudformation_stack_set.keys.name
  accounts       = ["111122223333", "444455556666"]
  regions        = ["eu-west-1"]
}
