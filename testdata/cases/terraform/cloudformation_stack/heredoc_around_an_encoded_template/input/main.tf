variable "user" {
  type = string
}

resource "aws_cloudformation_stack" "keys" {
  name          = "keys"
  template_body = <<-JSON
    ${jsonencode({
      Resources = {
        for name in ["Old", "New"] : name => {
          Type       = "AWS::IAM::AccessKey"
          Properties = { UserName = var.user }
        }
      }
    })}
  JSON
}
