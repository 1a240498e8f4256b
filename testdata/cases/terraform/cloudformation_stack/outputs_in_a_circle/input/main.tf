resource "aws_cloudformation_stack" "blue" {
  name          = "blue"
  parameters    = { User = aws_cloudformation_stack.green.outputs["User"] }
  template_body = file("${path.module}/key.yaml")
}

resource "aws_cloudformation_stack" "green" {
  name          = "green"
  parameters    = { User = aws_cloudformation_stack.blue.outputs["User"] }
  template_body = file("${path.module}/key.yaml")
}
