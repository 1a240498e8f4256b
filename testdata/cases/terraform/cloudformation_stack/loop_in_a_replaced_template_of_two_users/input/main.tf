resource "aws_cloudformation_stack" "keys" {
  name          = "keys"
  template_body = replace(file("keys.yaml"), "PLACE", "deploy")
}
