variable "name" {
  type = string
}

resource "aws_cloudformation_stack" "s" {
  name          = "s"
  template_body = coalesce("", jsonencode({
    Resources = {
      A = { Type = "AWS::IAM::AccessKey", Properties = { UserName = var.name } }
      B = { Type = "AWS::IAM::AccessKey", Properties = { UserName = var.name } }
    }
  }))
}
