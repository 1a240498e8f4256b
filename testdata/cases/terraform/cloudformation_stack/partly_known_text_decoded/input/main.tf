variable "user" {}

resource "aws_cloudformation_stack" "keys" {
  name = "keys"
  template_body = jsonencode(merge(yamldecode(templatefile("keys.yaml", { user = var.user })), {
    Description = "two keys"
  }))
}
