locals {
  template = yamldecode(file("${path.module}/keys.yaml"))
}

resource "aws_cloudformation_stack" "deploy" {
  name          = "deploy"
  template_body = jsonencode(local.template)
}
