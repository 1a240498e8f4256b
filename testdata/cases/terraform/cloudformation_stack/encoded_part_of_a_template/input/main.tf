variable "user" {
  type = string
}

variable "second" {
  type = bool
}

locals {
  key       = { Type = "AWS::IAM::AccessKey", Properties = { UserName = var.user } }
  resources = merge({ First = local.key }, var.second ? { Second = local.key } : {})
}

resource "aws_cloudformation_stack" "keys" {
  name          = "keys"
  template_body = <<-YAML
    Description: The keys of ${var.user}
    Resources: ${jsonencode(local.resources)}
  YAML
}
