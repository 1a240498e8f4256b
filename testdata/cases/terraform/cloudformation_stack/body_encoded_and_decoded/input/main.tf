variable "name" {
  type = string
}

resource "aws_cloudformation_stack" "s" {
  name          = "s"
  template_body = base64decode(base64encode(jsonencode({
    Resources = {
      A = { Type = "AWS::IAM::AccessKey", Properties = { UserName = var.name } }
      B = { Type = "AWS::IAM::AccessKey", Properties = { UserName = var.name } }
    }
  })))
}
