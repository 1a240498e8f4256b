resource "aws_cloudformation_stack_set" "keys" {
  name = "keys"
  template_body = jsonencode({
    Resources = {
      Key = { Type = "AWS::IAM::AccessKey", Properties = { UserName = "mailer" } }
    }
  })
}

resource "aws_cloudformation_stack_set_instance" "here" {
  for_each       = toset(["eu-west-1", "us-east-1"])
  stack_set_name = aws_cloudformation_stack_set.keys.name
  account_id     = "111122223333"
  region         = each.key
}
