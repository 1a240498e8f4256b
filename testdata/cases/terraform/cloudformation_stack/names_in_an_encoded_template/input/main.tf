variable "env" {
  type = string
}

resource "aws_cloudformation_stack" "robots" {
  name       = "robots"
  parameters = { Env = var.env }

  template_body = jsonencode({
    Parameters = { Env = { Type = "String" } }
    Resources = {
      Key = {
        Type       = "AWS::IAM::AccessKey"
        Properties = { UserName = { "Fn::Sub" = "ci-$${Env}-$${Env}" } }
      }
    }
  })
}

resource "aws_iam_access_key" "other" {
  user = "ci-${var.env}-${var.env}"
}
