resource "aws_cloudformation_stack_set" "keys" {
  name = "keys"
  template_body = jsonencode({
    Resources = {
      Key = { Type = "AWS::IAM::AccessKey", Properties = { UserName = { "Fn::Sub" = "mailer-$${AWS::Region}" } } }
    }
  })
}

variable "regions" {
  type = set(string)
}

resource "aws_cloudformation_stack_set_instance" "here" {
  for_each       = var.regions
  stack_set_name = aws_cloudformation_stack_set.keys.name
  account_id     = "111122223333"
  region         = each.key
}
