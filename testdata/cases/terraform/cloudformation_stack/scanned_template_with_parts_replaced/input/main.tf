resource "aws_cloudformation_stack" "replaced" {
  name          = "replaced"
  template_body = replace(replace(file("keys.yaml"), "ci", "bot"), "bot", "deploy")
}
