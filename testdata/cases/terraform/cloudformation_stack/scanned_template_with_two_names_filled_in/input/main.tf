resource "aws_cloudformation_stack" "deploy" {
  name          = "deploy"
  template_body = templatefile("${path.module}/keys.yaml", { user = "ci", other = "cd" })
}
