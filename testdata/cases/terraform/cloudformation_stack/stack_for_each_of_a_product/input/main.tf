variable "regions" {
  type = set(string)
}

variable "users" {
  type = set(string)
}

resource "aws_cloudformation_stack" "keys" {
  for_each   = { for pair in setproduct(var.regions, var.users) : "${pair[0]}-${pair[1]}" => pair[1] }
  name       = each.key
  parameters = { User = each.value }
  template_body = jsonencode({
    Parameters = { User = { Type = "String" } }
    Resources = {
      Key = { Type = "AWS::IAM::AccessKey", Properties = { UserName = { Ref = "User" } } }
    }
  })
}
