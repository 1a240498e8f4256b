variable "more" {}

resource "aws_cloudformation_stack" "template" {
  name          = "template"
  template_body = jsonencode(merge({ Resources = { T = { Type = "AWS::SNS::Topic" } } }, var.more))
}

resource "aws_cloudformation_stack" "resources" {
  name          = "resources"
  template_body = yamlencode({ Resources = merge({ T = { Type = "AWS::SNS::Topic" } }, var.more) })
}

resource "aws_cloudformation_stack" "resource" {
  name          = "resource"
  template_body = jsonencode({ Resources = { T = merge({ Type = "AWS::SNS::Topic" }, var.more) } })
}

resource "aws_cloudformation_stack" "joined" {
  name          = "joined"
  template_body = join("", ["{\"Resources\":{", var.more, "}}"])
}

resource "aws_cloudformation_stack" "transform" {
  name          = "transform"
  template_body = jsonencode({ Transform = var.more, Resources = { T = { Type = "AWS::SNS::Topic" } } })
}
