resource "aws_cloudformation_stack_set" "keys" {
  name          = "keys"
  template_body = templatefile("${path.module}/keys.yaml.tpl", { slots = ["Blue", "Green"] })
}
