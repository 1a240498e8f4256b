resource "aws_cloudformation_stack_set" "keys" {
  name = "keys"
  template_body = jsonencode({
    Resources = {
      Key = { Type = "AWS::IAM::AccessKey", Properties = { UserName = "mailer" } }
    }
  })
}

resource "aws_cloudformation_stack_set_instance" "here" {
  for_each       = toset(["111122223333", "444455556666"])
  stack_set_name = aws_cloudformation_stack_set.keys.id
  account_id     = each.key
  region         = "eu-west-1"
}
