variable "env" {}

locals {
  file = jsondecode(file("${path.module}/secret.json"))
}

resource "aws_cloudformation_stack" "keys" {
  name       = "keys"
  parameters = { Env = var.env }
  template_body = jsonencode({
    Transform  = local.file.macro
    Parameters = { Env = { Type = "String" } }
    Mappings   = { Users = { (local.file.pass) = { name = "robot" } } }
    Conditions = { Live = { "Fn::Equals" = [{ Ref = "Env" }, local.file.token] } }
    Resources = {
      First = {
        Type       = "AWS::IAM::AccessKey"
        Condition  = local.file.condition
        Properties = { UserName = { "Fn::FindInMap" = ["Users", local.file.pass, "name"] } }
      }
      Second = { Type = local.file.type, Properties = { UserName = { "Fn::Sub" = local.file.user } } }
    }
  })
}
